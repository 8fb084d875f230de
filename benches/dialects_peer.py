"""What `dialects.py` measures beside: the work of two of the older contracts, the token platform and the lesson prices, done by
a FastAPI server as such servers usually are: a file of each model that every call loads anew, pandas frames, scikit-learn's
default settings, an upload as a form, a token checked by PyJWT, a balance in SQLite (WAL, synchronous=FULL).

Of each contract there is what is measured: trainings and predictions, with their checks and charges. Who there is, is made
at the start; their tokens lie in the folder.
"""

import datetime
import io
import json
import os
import pathlib
import pickle
import re
import sqlite3
import threading
import time

import fastapi
import joblib
import jwt
import numpy as np
import pandas
import pydantic
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

SECRET = "a secret of the bench alone, longer than the 32 bytes that are asked for"
SCHEMA = """
create table users (name text primary key, tokens integer);
create table models (name text primary key, owner text, kind text, features text, path text, created text);
insert into users values ('ana@example.com', 1000000000), ('dana', 1000000000);
"""
FOLDER = pathlib.Path(os.environ["TRAINYARD_PEER_FOLDER"])
LESSON = ["subject", "student_level", "lesson_minutes", "teacher_experience_years", "is_online", "city"]
PRICE = "lesson_price"
MOST_BYTES = 50 << 20
TRAINS, PREDICTS = 1, 5
KINDS = {"linear": LinearRegression, "random_forest": RandomForestRegressor}
PARAMETERS = {
    "linear": {"fit_intercept": bool},
    "random_forest": {"n_estimators": int, "max_depth": int, "min_samples_split": int, "min_samples_leaf": int},
}


def database():
    connection = sqlite3.connect(FOLDER / "peer.db", check_same_thread=False, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.executescript(SCHEMA)
    return connection


DATABASE, TURN = database(), threading.Lock()
METADATA = FOLDER / "models.json"
METADATA.write_text("[]")
for user, door in (("ana@example.com", "token-platform"), ("dana", "lesson-prices")):
    claims = {"sub": user, "iat": int(time.time()), "exp": int(time.time()) + 86_400}
    (FOLDER / door).write_text(jwt.encode(claims, SECRET, algorithm="HS256"))

app = fastapi.FastAPI()


def one(query, *values):
    with TURN:
        return DATABASE.execute(query, values).fetchone()


def caller(authorization: str = fastapi.Header()):
    try:
        claims = jwt.decode(authorization.removeprefix("Bearer "), SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise fastapi.HTTPException(401, "Invalid token") from error
    row = one("select name, tokens from users where name = ?", claims["sub"])
    if row is None:
        raise fastapi.HTTPException(404, "User not found")
    return {"name": row[0], "tokens": row[1]}


def charge(user, price, status, detail):
    """A durable debit, or the refusal of who has too few."""
    query = "update users set tokens = tokens - ? where name = ? and tokens >= ? returning tokens"
    if one(query, price, user["name"], price) is None:
        raise fastapi.HTTPException(status, detail)


def encoded(estimator, features, drop):
    """Behind one-hot columns of the texts, where there are any."""
    texts = features.select_dtypes(exclude="number").columns.tolist()
    if not texts:
        return estimator
    unknown = "error" if drop else "ignore"
    encoder = OneHotEncoder(drop=drop, handle_unknown=unknown)
    return make_pipeline(ColumnTransformer([("texts", encoder, texts)], remainder="passthrough"), estimator)


def scores(model, x, y):
    answers = model.predict(x)
    return r2_score(y, answers), mean_squared_error(y, answers), mean_absolute_error(y, answers)


# The token platform.


def converted(kind, text):
    given, known = json.loads(text or "{}"), PARAMETERS[kind]
    odd = [name for name in given if name not in known]
    if odd:
        raise fastapi.HTTPException(400, f"Invalid optional parameter(s): {odd}")
    params = {name: known[name](value) for name, value in given.items()}
    if params.get("max_depth", 1) <= 0:
        params["max_depth"] = None
    return params


def as_seconds(table):
    for name in table.columns:
        if "date" in name.lower():
            dates = pandas.to_datetime(table[name], errors="coerce")
            table[name] = (dates - pandas.Timestamp(0)).dt.total_seconds().fillna(0)
    return table


@app.post("/token-platform/create")
async def create(
    model_type: str = fastapi.Form(),
    feature_cols: str = fastapi.Form(),
    label_col: str = fastapi.Form(),
    csv_file: fastapi.UploadFile = fastapi.File(),
    train_percentage: float = fastapi.Form(0.8),
    optional_params: str = fastapi.Form("{}"),
    user=fastapi.Depends(caller),
):
    content = await csv_file.read()
    if not 0 < train_percentage < 1:
        raise fastapi.HTTPException(400, "train_percentage must be between 0 and 1")
    if not content:
        raise fastapi.HTTPException(400, "CSV file is empty")
    if len(content) > MOST_BYTES:
        raise fastapi.HTTPException(400, "CSV file too large. Maximum size is 50MB")
    table = pandas.read_csv(io.BytesIO(content))
    names = json.loads(feature_cols) if feature_cols.startswith("[") else [name.strip() for name in feature_cols.split(",")]
    absent = [name for name in [*names, label_col] if name not in table]
    if absent:
        raise fastapi.HTTPException(400, f"Columns not found in CSV: {absent}")
    lacking = [name for name in [*names, label_col] if table[name].isna().any()]
    if lacking:
        detail = f"Feature column(s) {lacking} contain missing values. Please clean your data before training."
        raise fastapi.HTTPException(400, detail)
    if model_type not in KINDS:
        raise fastapi.HTTPException(400, f"Model type '{model_type}' not recognized")
    table = as_seconds(table[[*names, label_col]].copy())
    params = converted(model_type, optional_params)
    charge(user, TRAINS, 402, f"Insufficient tokens. Required: {TRAINS}, Available: {user['tokens']}")
    try:
        x, test, y, truth = train_test_split(table[names], table[label_col], train_size=train_percentage, random_state=42)
        model = encoded(KINDS[model_type](**params), x, drop="first").fit(x, y)
        r2, squared, absolute = scores(model, test, truth)
        now = datetime.datetime.now(datetime.UTC)
        name = f"1_{model_type}_{now:%Y%m%d_%H%M%S_%f}"
        path = FOLDER / f"{name}.pkl"
        with path.open("wb") as file:
            pickle.dump({"model": model, "features": names}, file)
        row = (name, user["name"], model_type, json.dumps(names), str(path), now.isoformat())
        one("insert into models values (?, ?, ?, ?, ?, ?)", *row)
    except Exception as error:
        one("update users set tokens = tokens + ? where name = ?", TRAINS, user["name"])
        raise fastapi.HTTPException(500, f"Training failed: {error}") from error
    metrics = {"r2_score": r2, "mean_squared_error": squared, "mean_absolute_error": absolute}
    return {
        "status": "success", "model_name": name, "metrics": metrics, "tokens_deducted": TRAINS, "file_path": path.name,
        "saved_location": "server/train_models folder",
    }


@app.post("/token-platform/predict/{name}")
async def predict(name: str, request: fastapi.Request, user=fastapi.Depends(caller)):
    body = await request.json()
    if body.get("features") is None:
        raise fastapi.HTTPException(400, "Missing 'features' in request body")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise fastapi.HTTPException(400, "Invalid model name: contains illegal characters")
    row = one("select path from models where name = ? and owner = ?", name, user["name"])
    if row is None:
        raise fastapi.HTTPException(404, f"Model '{name}' not found or you don't have access to it")
    if user["tokens"] < PREDICTS:
        raise fastapi.HTTPException(402, f"Insufficient tokens. Required: {PREDICTS}, Available: {user['tokens']}")
    with open(row[0], "rb") as file:
        kept = pickle.load(file)
    try:
        answer = float(kept["model"].predict(pandas.DataFrame([body["features"]])[kept["features"]])[0])
    except Exception as error:
        raise fastapi.HTTPException(500, f"Prediction failed: {error}") from error
    charge(user, PREDICTS, 402, f"Insufficient tokens. Required: {PREDICTS}, Available: {user['tokens']}")
    return {"status": "success", "prediction": answer, "tokens_deducted": PREDICTS}


# The lesson prices.


class Lesson(pydantic.BaseModel):
    data: dict


def rounded(value):
    return round(float(value), 2)


@app.post("/lesson-prices/training/train")
def train(
    file: fastapi.UploadFile = fastapi.File(),
    model_name: str = fastapi.Form(),
    model_params: str | None = fastapi.Form(None),
    user=fastapi.Depends(caller),
):
    charge(user, TRAINS, 403, "Not enough tokens for this action.")
    table = pandas.read_csv(file.file)
    try:
        params = json.loads(model_params) if model_params else {}
    except json.JSONDecodeError as error:
        raise fastapi.HTTPException(400, "model_params must be valid JSON") from error
    kind = KINDS.get(model_name.strip().lower())
    if kind is None:
        raise fastapi.HTTPException(400, f"Unknown model name: {model_name}")
    absent = [name for name in [*LESSON, PRICE] if name not in table]
    if absent:
        raise fastapi.HTTPException(400, f"Missing required columns in dataset: {absent}")
    x, test, y, truth = train_test_split(table[LESSON], table[PRICE], test_size=0.2, random_state=42)
    model = encoded(kind(**params), x, drop=None).fit(x, y)
    r2, squared, absolute = scores(model, test, truth)
    numbers = x.select_dtypes("number").columns.tolist()
    with TURN:
        known = json.loads(METADATA.read_text())
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        path = FOLDER / f"{kind.__name__}_{now:%Y%m%d%H%M%S%f}.joblib"
        joblib.dump(model, path)
        record = {
            "model_id": len(known) + 1, "model_name": model_name, "model_type": kind.__name__, "trained_at": now.isoformat(),
            "features_used": LESSON, "label_column": PRICE, "n_samples": len(table),
            "categorical_columns": [name for name in LESSON if name not in numbers], "numerical_columns": numbers,
            "metrics": {
                "r2": rounded(r2), "mae": rounded(absolute), "mse": rounded(squared), "rmse": rounded(np.sqrt(squared)),
            },
            "model_path": str(path),
        }
        METADATA.write_text(json.dumps([*known, record], indent=2))
    message = "Model was trained successfully and is ready for predictions."
    return {"status": "success", "message": message, "model_info": record}


@app.post("/lesson-prices/models/predict/{name}")
def price(name: str, lesson: Lesson, user=fastapi.Depends(caller)):
    charge(user, PREDICTS, 403, "Not enough tokens for this action.")
    found = [record for record in json.loads(METADATA.read_text()) if record["model_name"] == name]
    if not found:
        raise fastapi.HTTPException(404, f"No model found for name '{name}'")
    try:
        model = joblib.load(found[-1]["model_path"])
        answer = model.predict(pandas.DataFrame([lesson.data])[found[-1]["features_used"]])[0]
    except Exception as error:
        raise fastapi.HTTPException(400, f"Prediction failed: {error}") from error
    return {"model_name": name, "model_id": found[-1]["model_id"], "prediction": rounded(answer)}
