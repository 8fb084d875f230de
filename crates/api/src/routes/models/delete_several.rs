//! The end of several models, or of all.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use trainyard_platform::Unwanted;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::App;
use crate::extract::{Json, Query, SignedIn};
use crate::problem::Problem;

/// Which models are to go.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// `true`, or nothing is deleted.
    #[serde(default)]
    confirm: bool,
    /// Identifiers, apart by commas; at most 200.
    ids: Option<String>,
    /// All versions of this name.
    name: Option<String>,
}

/// How many went.
#[derive(Serialize, ToSchema)]
pub(crate) struct Deleted {
    deleted: usize,
}

/// Delete several models
///
/// Those named by `ids`, all versions of a `name`, or all you have; with their files and reports. When one of those named is
/// not there, none is deleted. Trainings that still run are cancelled and their price given back.
#[utoipa::path(
    delete, path = "/models", operation_id = "delete_models", tag = "models", params(Which),
    responses((status = 200, body = Deleted))
)]
pub(crate) async fn delete_several(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(which): Query<Which>,
) -> Result<Json<Deleted>, Problem> {
    let unwanted = match (which.ids, which.name) {
        (Some(_), Some(_)) => {
            return Err(Problem::field("/name", "Give ids or a name, not both."));
        }
        (Some(ids), None) => Unwanted::These(identifiers(&ids)?),
        (None, Some(name)) => Unwanted::Named(name),
        (None, None) => Unwanted::All,
    };
    if !which.confirm {
        let what = match &unwanted {
            Unwanted::These(ids) => format!("{} models", ids.len()),
            Unwanted::Named(name) => format!("all versions of '{name}'"),
            Unwanted::All => "all your models".to_owned(),
        };
        return Err(Problem::field(
            "/confirm",
            format!("This deletes {what} for good. Send confirm=true when that is meant."),
        ));
    }
    let models = app.platform.models();
    let deleted = models.delete_several(&caller, unwanted).await?;
    Ok(Json(Deleted { deleted }))
}

fn identifiers(text: &str) -> Result<Vec<Uuid>, Problem> {
    let each = text.split(',').map(|one| {
        Uuid::try_parse(one.trim())
            .map_err(|_| Problem::field("/ids", "Give identifiers of models, apart by commas."))
    });
    each.collect()
}
