//! The old APIs, as far as the platform knows them: what they are called, which settings say whether each is answered, what
//! it costs and how often somebody may ask, and the accounts that a demonstration needs. How they speak is `dialects`' own
//! business.

use trainyard_store::settings::{self, Setting};
use trainyard_store::{NewUser, Role};

use crate::Platform;
use crate::caller::{Door, Origin};
use crate::config::Prices;
use crate::error::{PlatformError, Result};

/// An old API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Classifiers by form and file; people with user names.
    Autoclassifier,
    /// Tokens for regressions; people with e-mail addresses.
    TokenPlatform,
    /// Grids of parameters on the iris data.
    GridSearch,
    /// Handwritten digits.
    DigitOcr,
    /// Prices of private lessons.
    LessonPrices,
}

/// Which settings rule an old API.
struct Ruled {
    name: &'static str,
    switch: &'static Setting,
    train: &'static Setting,
    predict: &'static Setting,
    rate: &'static Setting,
}

impl Dialect {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::Autoclassifier,
        Self::TokenPlatform,
        Self::GridSearch,
        Self::DigitOcr,
        Self::LessonPrices,
    ];

    const fn ruled(self) -> Ruled {
        match self {
            Self::Autoclassifier => Ruled {
                name: "autoclassifier",
                switch: &settings::DIALECT_AUTOCLASSIFIER,
                train: &settings::DIALECT_AUTOCLASSIFIER_TRAIN,
                predict: &settings::DIALECT_AUTOCLASSIFIER_PREDICT,
                rate: &settings::DIALECT_AUTOCLASSIFIER_RATE,
            },
            Self::TokenPlatform => Ruled {
                name: "token-platform",
                switch: &settings::DIALECT_TOKEN_PLATFORM,
                train: &settings::DIALECT_TOKEN_PLATFORM_TRAIN,
                predict: &settings::DIALECT_TOKEN_PLATFORM_PREDICT,
                rate: &settings::DIALECT_TOKEN_PLATFORM_RATE,
            },
            Self::GridSearch => Ruled {
                name: "grid-search",
                switch: &settings::DIALECT_GRID_SEARCH,
                train: &settings::DIALECT_GRID_SEARCH_TRAIN,
                predict: &settings::DIALECT_GRID_SEARCH_PREDICT,
                rate: &settings::DIALECT_GRID_SEARCH_RATE,
            },
            Self::DigitOcr => Ruled {
                name: "digit-ocr",
                switch: &settings::DIALECT_DIGIT_OCR,
                train: &settings::DIALECT_DIGIT_OCR_TRAIN,
                predict: &settings::DIALECT_DIGIT_OCR_PREDICT,
                rate: &settings::DIALECT_DIGIT_OCR_RATE,
            },
            Self::LessonPrices => Ruled {
                name: "lesson-prices",
                switch: &settings::DIALECT_LESSON_PRICES,
                train: &settings::DIALECT_LESSON_PRICES_TRAIN,
                predict: &settings::DIALECT_LESSON_PRICES_PREDICT,
                rate: &settings::DIALECT_LESSON_PRICES_RATE,
            },
        }
    }

    /// Its name in addresses, records and tokens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.ruled().name
    }

    /// The one of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// The setting that limits how often an account may ask.
    pub(crate) const fn rate(self) -> &'static Setting {
        self.ruled().rate
    }
}

impl Platform {
    /// Whether an old API is answered.
    #[must_use]
    pub fn dialect_is_on(&self, dialect: Dialect) -> bool {
        self.store()
            .settings()
            .current()
            .boolean(dialect.ruled().switch)
    }

    /// Whether people may give themselves tokens through the old API of the lesson prices.
    #[must_use]
    pub fn self_service(&self) -> bool {
        let current = self.store().settings().current();
        current.boolean(&settings::DIALECT_LESSON_PRICES_SELF_SERVICE)
    }

    /// How often somebody may ask the old API of the digit reader in a minute; nothing where there is no limit.
    #[must_use]
    pub fn dialect_rate(&self, dialect: Dialect) -> Option<i64> {
        let rate = self.store().settings().current().integer(dialect.rate());
        (rate > 0).then_some(rate)
    }

    /// What things cost at a door.
    #[must_use]
    pub fn prices_at(&self, door: Door) -> Prices {
        let Door::Dialect(dialect) = door else {
            return self.prices();
        };
        let current = self.store().settings().current();
        let ruled = dialect.ruled();
        Prices {
            train: current.integer(ruled.train),
            predict: current.integer(ruled.predict),
            tune: current.integer(ruled.train),
            batch: current.integer(ruled.predict),
        }
    }

    /// Makes the accounts that the old clients come with, where they are not there yet: for demonstrations only, since
    /// anybody knows their passwords.
    ///
    /// # Errors
    /// Only our own.
    pub async fn ensure_demonstration(&self) -> Result<()> {
        const ACCOUNTS: [(&str, bool, &str, Role); 3] = [
            ("test_1", false, "testpassword", Role::User),
            (
                "datascientist@example.com",
                true,
                "password123",
                Role::DataScientist,
            ),
            ("admin@example.com", true, "password123", Role::Admin),
        ];
        for (login, is_address, password, role) in ACCOUNTS {
            if self.store().users().by_login(login).await?.is_some() {
                continue;
            }
            let login = login.to_owned();
            let new = NewUser {
                user_name: (!is_address).then(|| login.clone()),
                email: is_address.then_some(login),
                display_name: String::new(),
                password_hash: Some(self.0.passwords.hash(password).await?),
                role,
                tokens: self.accounts().starting_tokens(),
            };
            let entry = Origin::command_line().entry("user.create");
            match self
                .store()
                .users()
                .create(new, entry)
                .await
                .map_err(PlatformError::from)
            {
                Ok(_) | Err(PlatformError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
