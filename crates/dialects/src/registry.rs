//! What a door finds of its own among models and accounts.

use std::sync::Arc;

use trainyard_platform::{
    Caller, Dialect, Model, ModelFilter, ModelStatus, ModelsWanted, PageRequest, Platform,
    PlatformError, Role, User, UserFilter,
};

use crate::refusal::Answer;

/// The most that one page of the platform's lists holds.
const PAGE: u32 = 200;

/// The caller's models that came through this door and are ready, newest first, of each name the latest.
pub(crate) async fn own_models(
    platform: &Platform,
    caller: &Caller,
    dialect: Dialect,
) -> Answer<Vec<Model>> {
    let filter = ModelFilter {
        tag: Some(dialect.name().to_owned()),
        status: Some(ModelStatus::Ready),
        ..ModelFilter::default()
    };
    let mut models: Vec<Model> = Vec::new();
    let mut cursor = None;
    loop {
        let page = PageRequest::after(PAGE, cursor);
        let page = platform.models().list(caller, &filter, &page).await?;
        models.extend(page.items.into_iter().map(|card| card.model));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(latest(models))
}

/// A model and the number of whose it is.
pub(crate) struct Owned {
    pub(crate) owner: i32,
    pub(crate) model: Model,
}

/// Everybody's for administrators, with whose each is; the caller's own, whose number is given, for others.
pub(crate) async fn owned(
    platform: &Platform,
    caller: &Caller,
    number: i32,
    dialect: Dialect,
) -> Answer<Vec<Owned>> {
    if caller.role != Role::Admin {
        let models = own_models(platform, caller, dialect).await?;
        let owned = |model| Owned {
            owner: number,
            model,
        };
        return Ok(models.into_iter().map(owned).collect());
    }
    let wanted = || ModelsWanted {
        status: Some(ModelStatus::Ready),
        ..ModelsWanted::default()
    };
    let mut numbers = std::collections::BTreeMap::new();
    let mut models: Vec<Model> = Vec::new();
    let mut cursor = None;
    loop {
        let page = PageRequest::after(PAGE, cursor);
        let administration = platform.administration();
        let page = administration.models(caller, wanted(), &page).await?;
        for owned in page.items {
            if let Some(owner) = owned.owner {
                numbers.insert(owner.id, owner.number);
            }
            if is_of(&owned.item, dialect) {
                models.push(owned.item);
            }
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let owned = |model: Model| Owned {
        owner: numbers.get(&model.owner_id).copied().unwrap_or_default(),
        model,
    };
    Ok(latest(models).into_iter().map(owned).collect())
}

/// The caller's model of this name that came through this door, the latest that is ready. Mostly it is the latest of all
/// of that name, which one look tells.
pub(crate) async fn own_model(
    platform: &Platform,
    caller: &Caller,
    name: &str,
    dialect: Dialect,
) -> Answer<Option<Arc<Model>>> {
    match platform.models().recent_row(caller, name).await {
        Ok(model) if model.owner_id == caller.id && is_of(&model, dialect) => {
            return Ok(Some(model));
        }
        Ok(_) | Err(PlatformError::NotFound(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let models = own_models(platform, caller, dialect).await?;
    Ok(models
        .into_iter()
        .find(|model| model.name == name)
        .map(Arc::new))
}

/// Every version of one's own name that is ready, newest first.
pub(crate) async fn versions(
    platform: &Platform,
    caller: &Caller,
    name: &str,
) -> Answer<Vec<Model>> {
    let filter = ModelFilter {
        name: Some(name.to_owned()),
        status: Some(ModelStatus::Ready),
        ..ModelFilter::default()
    };
    let page = PageRequest::after(PAGE, None);
    let page = platform.models().list(caller, &filter, &page).await?;
    Ok(page.items.into_iter().map(|card| card.model).collect())
}

/// Whether a model came through this door.
pub(crate) fn is_of(model: &Model, dialect: Dialect) -> bool {
    let tags = model.tags.as_array().into_iter().flatten();
    tags.filter_map(|tag| tag.as_str())
        .any(|tag| tag == dialect.name())
}

/// Of each owner's name the latest version; the order stays.
fn latest(models: Vec<Model>) -> Vec<Model> {
    let mut kept: Vec<Model> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    for model in models {
        let key = (model.owner_id, model.name.clone());
        match places.get(&key) {
            None => {
                places.insert(key, kept.len());
                kept.push(model);
            }
            Some(&place) => {
                if let Some(before) = kept.get_mut(place)
                    && before.version < model.version
                {
                    *before = model;
                }
            }
        }
    }
    kept
}

/// All accounts that fit, by number.
pub(crate) async fn users(
    platform: &Platform,
    caller: &Caller,
    filter: &UserFilter,
) -> Answer<Vec<User>> {
    let mut users: Vec<User> = Vec::new();
    let mut cursor = None;
    loop {
        let page = PageRequest::after(PAGE, cursor);
        let page = platform
            .administration()
            .users(caller, filter, &page)
            .await?;
        users.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    users.sort_by_key(|user| user.number);
    Ok(users)
}
