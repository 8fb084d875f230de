//! Keyset pages: a list answers at most `limit` rows and an opaque cursor naming the last one, so page
//! 1,000 costs what page 1 costs and rows added meanwhile neither repeat nor hide others. Sorting is an
//! enumeration, searching is an escaped `LIKE` on a lower-cased column: no text of a caller becomes SQL.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value,
};
use uuid::Uuid;

use crate::error::{Result, StoreError};

/// The most rows one page holds.
pub const MAX_PAGE: u32 = 200;

/// Whose rows a query may see. What lies outside does not exist for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Only this user's.
    Owner(Uuid),
    /// Everybody's: for administrators and for the worker.
    Everyone,
}

impl From<Uuid> for Scope {
    fn from(owner: Uuid) -> Self {
        Self::Owner(owner)
    }
}

impl Scope {
    /// The condition that keeps `select` inside this scope.
    pub(crate) fn condition<C: ColumnTrait>(self, owner: C) -> Option<SimpleExpr> {
        match self {
            Self::Owner(id) => Some(owner.eq(id)),
            Self::Everyone => None,
        }
    }
}

/// In which order a list comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Latest first.
    #[default]
    Newest,
    /// First first.
    Oldest,
    /// By name, then by age.
    Name,
    /// Most rows first, where a list has them.
    Rows,
    /// Largest first, where a list has sizes.
    Size,
}

impl Sort {
    /// What its cursors begin with.
    const fn letter(self) -> char {
        match self {
            Self::Newest => 'n',
            Self::Oldest => 'o',
            Self::Name => 'a',
            Self::Rows => 'r',
            Self::Size => 's',
        }
    }
}

impl FromStr for Sort {
    type Err = StoreError;

    /// Reads `newest`, `oldest`, `name`, `rows` or `size`; anything else is `Invalid`.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "newest" => Ok(Self::Newest),
            "oldest" => Ok(Self::Oldest),
            "name" => Ok(Self::Name),
            "rows" => Ok(Self::Rows),
            "size" => Ok(Self::Size),
            _ => Err(StoreError::invalid(
                "sort",
                "Sort by newest, oldest, name, rows or size.",
            )),
        }
    }
}

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// How many rows, 1 to [`MAX_PAGE`]; other values are moved into that range.
    pub limit: u32,
    /// The previous page's `next_cursor`, or nothing for the first page.
    pub cursor: Option<String>,
    /// The order. A cursor only continues the order it came from.
    pub sort: Sort,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            limit: 50,
            cursor: None,
            sort: Sort::Newest,
        }
    }
}

impl PageRequest {
    /// The first page of at most `limit` rows, newest first.
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// The key and the rest of the row that the previous page ended with; nothing for the first page.
    fn last<K: FromStr>(&self) -> Result<Option<(K, String)>> {
        let cursor = self.cursor.as_deref();
        cursor.map(|cursor| decode(self.sort, cursor)).transpose()
    }

    /// The page after `cursor`.
    #[must_use]
    pub fn after(limit: u32, cursor: Option<String>) -> Self {
        Self {
            limit,
            cursor,
            ..Self::default()
        }
    }
}

/// One page of rows.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; nothing on the last page.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The same page with each row turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(turn).collect(),
            next_cursor: self.next_cursor,
        }
    }
}

fn bad_cursor() -> StoreError {
    StoreError::invalid(
        "cursor",
        "This cursor is not from this list. Start again without one.",
    )
}

fn encode(sort: Sort, key: &str, name: &str) -> String {
    let letter = sort.letter();
    URL_SAFE_NO_PAD.encode(format!("{letter}{key} {name}"))
}

fn decode<K: FromStr>(sort: Sort, cursor: &str) -> Result<(K, String)> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad_cursor())?;
    let text = String::from_utf8(bytes).map_err(|_| bad_cursor())?;
    let (head, name) = text.split_once(' ').ok_or_else(bad_cursor)?;
    let key = head.strip_prefix(sort.letter()).ok_or_else(bad_cursor)?;
    if name.contains('\0') {
        return Err(bad_cursor());
    }
    Ok((key.parse().map_err(|_| bad_cursor())?, name.to_owned()))
}

/// One page of `select`, ordered by the unique column `key` (which grows with age) or, where the table has
/// a `name` column, by that. `of` reads both from a row.
pub(crate) async fn fetch<C, E, K>(
    database: &C,
    select: Select<E>,
    request: &PageRequest,
    key: E::Column,
    name: Option<E::Column>,
    of: impl Fn(&E::Model) -> (K, String),
) -> Result<Page<E::Model>>
where
    C: ConnectionTrait,
    E: EntityTrait,
    K: FromStr + ToString + Into<Value> + Clone,
{
    let after = request.last::<K>()?;
    let select = match (request.sort, name) {
        (Sort::Newest, _) => {
            let select = select.order_by_desc(key);
            match after {
                Some((last, _)) => select.filter(key.lt(last)),
                None => select,
            }
        }
        (Sort::Oldest, _) => {
            let select = select.order_by_asc(key);
            match after {
                Some((last, _)) => select.filter(key.gt(last)),
                None => select,
            }
        }
        (Sort::Name, Some(name)) => {
            let select = select.order_by_asc(name).order_by_asc(key);
            match after {
                Some((last, last_name)) => select.filter(
                    name.gt(last_name.as_str())
                        .or(name.eq(last_name.as_str()).and(key.gt(last))),
                ),
                None => select,
            }
        }
        (Sort::Name | Sort::Rows | Sort::Size, _) => {
            return Err(StoreError::invalid(
                "sort",
                "This list sorts by newest or oldest.",
            ));
        }
    };
    rest(database, select, request, |row| {
        let (key, name) = of(row);
        let name = if request.sort == Sort::Name {
            name
        } else {
            String::new()
        };
        (key.to_string(), name)
    })
    .await
}

/// One page of `select`, the greatest `measure` first and of equal ones the latest `key`. `of` reads both from a row.
pub(crate) async fn fetch_greatest<C, E, K>(
    database: &C,
    select: Select<E>,
    request: &PageRequest,
    key: E::Column,
    measure: SimpleExpr,
    of: impl Fn(&E::Model) -> (K, i64),
) -> Result<Page<E::Model>>
where
    C: ConnectionTrait,
    E: EntityTrait,
    K: FromStr + ToString + Into<Value> + Clone,
{
    let after = request.last::<K>()?;
    let mut select = select.order_by_desc(measure.clone()).order_by_desc(key);
    if let Some((last, most)) = after {
        let most: i64 = most.parse().map_err(|_| bad_cursor())?;
        let equal = measure.clone().eq(most).and(key.lt(last));
        select = select.filter(measure.lt(most).or(equal));
    }
    rest(database, select, request, |row| {
        let (key, most) = of(row);
        (key.to_string(), most.to_string())
    })
    .await
}

/// As many rows as are asked for, and where the next page begins.
async fn rest<C: ConnectionTrait, E: EntityTrait>(
    database: &C,
    select: Select<E>,
    request: &PageRequest,
    place: impl Fn(&E::Model) -> (String, String),
) -> Result<Page<E::Model>> {
    let limit = request.limit.clamp(1, MAX_PAGE);
    let mut items = select.limit(u64::from(limit) + 1).all(database).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|row| {
        let (key, rest) = place(row);
        encode(request.sort, &key, &rest)
    });
    Ok(Page { items, next_cursor })
}

/// `column` is this text. Nothing stored contains a NUL, and PostgreSQL refuses to compare with one.
pub(crate) fn equals<C: ColumnTrait>(column: C, text: &str) -> SimpleExpr {
    if text.contains('\0') {
        return Expr::val(1).eq(0);
    }
    column.eq(text)
}

/// The text a row is searched by: its names, lower-cased once when they are written.
pub(crate) fn search_key(parts: &[Option<&str>]) -> String {
    let mut key = String::new();
    for part in parts.iter().flatten() {
        if !key.is_empty() {
            key.push('\n');
        }
        key.push_str(&part.to_lowercase());
    }
    key
}

/// `column` contains `words`, ignoring case; the pattern characters of `LIKE` stand for themselves. Nothing
/// stored contains a NUL, and SQLite would end the pattern there.
pub(crate) fn contains<C: ColumnTrait>(column: C, words: &str) -> SimpleExpr {
    if words.contains('\0') {
        return Expr::val(1).eq(0);
    }
    Expr::col(column.as_column_ref()).like(LikeExpr::new(pattern(words)).escape('\\'))
}

/// As [`contains`], for a column that was not lower-cased when it was written. Letters outside ASCII match
/// only in their own case in SQLite.
pub(crate) fn contains_any_case<C: ColumnTrait>(column: C, words: &str) -> SimpleExpr {
    if words.contains('\0') {
        return Expr::val(1).eq(0);
    }
    let lowered = Expr::from(Func::lower(Expr::col(column.as_column_ref())));
    lowered.like(LikeExpr::new(pattern(words)).escape('\\'))
}

fn pattern(words: &str) -> String {
    let mut pattern = String::from("%");
    for letter in words.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
