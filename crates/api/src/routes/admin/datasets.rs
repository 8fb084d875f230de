//! Everybody's data sets: listed, and deleted.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use trainyard_platform::{DatasetStatus, DatasetsWanted};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{OwnerBody, words};
use crate::App;
use crate::extract::{Id, Json, PageQuery, Query, SignedIn};
use crate::problem::Problem;
use crate::routes::datasets::DatasetBody;

/// What the list holds.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DatasetWanted {
    /// Only this account's.
    owner_id: Option<Uuid>,
    /// Words in the name or the file's name.
    search: Option<String>,
    /// Only `profiling`, `ready` or `failed` ones.
    #[param(value_type = Option<String>)]
    status: Option<DatasetStatus>,
}

/// Somebody's data set.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnedDataset {
    /// Whose it is; null when the account went while the list was read.
    owner: Option<OwnerBody>,
    #[serde(flatten)]
    dataset: DatasetBody,
}

/// One page of everybody's data sets, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnedDatasetPage {
    items: Vec<OwnedDataset>,
    next_cursor: Option<String>,
}

/// Everybody's data sets
#[utoipa::path(
    get, path = "/admin/datasets", operation_id = "all_datasets", tag = "admin",
    params(PageQuery, DatasetWanted), responses((status = 200, body = OwnedDatasetPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(page): Query<PageQuery>,
    Query(query): Query<DatasetWanted>,
) -> Result<Json<OwnedDatasetPage>, Problem> {
    let wanted = DatasetsWanted {
        owner_id: query.owner_id,
        search: words(query.search),
        status: query.status,
    };
    let administration = app.platform.administration();
    let page = administration
        .datasets(&caller, wanted, &page.into())
        .await?;
    let page = page.map(|owned| OwnedDataset {
        owner: owned.owner.map(OwnerBody::from),
        dataset: owned.item.into(),
    });
    Ok(Json(OwnedDatasetPage {
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}

/// Delete somebody's data set
///
/// Anybody's, with its bytes. Models trained on it stay.
#[utoipa::path(
    delete, path = "/admin/datasets/{id}", operation_id = "delete_anybodys_dataset", tag = "admin",
    params(("id" = Uuid, Path, description = "The data set")), responses((status = 204))
)]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    let administration = app.platform.administration();
    administration.delete_dataset(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
