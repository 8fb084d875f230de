//! Values that nobody should send, in place of good ones.

use super::*;

/// What stands in for each value of a good body.
fn odd_values() -> Vec<Value> {
    let nested = json!({ "a": { "b": [1, null] } });
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(0.5),
        json!(1e308),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(""),
        json!("a\u{0}b"),
        json!("NaN"),
        json!("\u{202e}漢字 ünï"),
        json!("x".repeat(70_000)),
        json!([]),
        json!([null]),
        json!([[[]]]),
        json!({}),
        nested,
    ]
}

/// The good body with one value replaced, for each value and each replacement.
fn spoiled(good: &Value) -> Vec<Value> {
    let mut bodies = Vec::new();
    for name in good.as_object().unwrap().keys() {
        for odd in odd_values() {
            let mut body = good.clone();
            body[name] = odd;
            bodies.push(body);
        }
        let mut less = good.clone();
        less.as_object_mut().unwrap().remove(name);
        bodies.push(less);
    }
    bodies
}

#[tokio::test]
async fn values_of_another_kind() {
    let app = demo().await;
    app.set(json!({ "dialect_lesson_prices_self_service": true }))
        .await;
    let account = json!({ "username": "mia", "email": "mia@example.com", "name": "Mia", "password": "secret", "role": "user" });
    let someone = json!({ "email": "eve@example.com", "name": "Eve", "role": "analyst", "password": "secret", "is_active": true });
    let goods = [
        (HUB, "POST", "/register", account.clone()),
        (HUB, "POST", "/admin/register", account),
        (
            HUB,
            "POST",
            "/predict",
            json!({ "input_data": [[1]], "return_proba": false }),
        ),
        (
            TOKENS,
            "POST",
            "/user/create",
            json!({ "email": "bob@example.com", "pwd": "secret" }),
        ),
        (
            TOKENS,
            "POST",
            "/user/login",
            json!({ "email": "ana@example.com", "pwd": "wrong" }),
        ),
        (
            TOKENS,
            "POST",
            "/user/reset_password",
            json!({ "email": "bob@example.com", "new_password": "secret" }),
        ),
        (
            TOKENS,
            "DELETE",
            "/user/remove_user",
            json!({ "user_id": 4711 }),
        ),
        (
            TOKENS,
            "POST",
            "/predict/x",
            json!({ "features": { "age": 1 } }),
        ),
        (
            TOKENS,
            "POST",
            "/admin/users/1/tokens",
            json!({ "email": ADMIN.0, "credit_card": "1", "amount": 1 }),
        ),
        (
            TOKENS,
            "POST",
            "/admin/users/7/reset_password",
            json!({ "email": "no@example.com", "new_password": "secret" }),
        ),
        (
            GRID,
            "POST",
            "/request_token",
            json!({ "username": "nobody", "password": "secret" }),
        ),
        (
            GRID,
            "POST",
            "/train",
            json!({ "algorithm": "tree", "param_grid": { "max_depth": [2] } }),
        ),
        (GRID, "POST", "/predict", json!({ "input": [1, 2, 3, 4] })),
        (
            DIGITS,
            "POST",
            "/api/auth/login",
            json!({ "email": "no@example.com", "password": "secret" }),
        ),
        (
            DIGITS,
            "POST",
            "/api/auth/refresh",
            json!({ "refresh_token": "x" }),
        ),
        (
            DIGITS,
            "POST",
            "/api/models/1/tune",
            json!({ "hyperparameters": { "C": [1] }, "optimization_method": "grid_search" }),
        ),
        (
            DIGITS,
            "POST",
            "/api/models/train",
            json!({ "model_type": "tree", "hyperparameters": {}, "dataset_path": "x" }),
        ),
        (DIGITS, "POST", "/api/admin/users", someone.clone()),
        (DIGITS, "PUT", "/api/admin/users/3", someone),
        (
            LESSONS,
            "POST",
            "/auth/signup",
            json!({ "username": "eli", "password": "secret" }),
        ),
        (
            LESSONS,
            "POST",
            "/auth/login",
            json!({ "username": "nobody", "password": "secret" }),
        ),
        (LESSONS, "POST", "/auth/add_tokens", json!({ "amount": 1 })),
        (
            LESSONS,
            "DELETE",
            "/auth/remove_user",
            json!({ "username": "nobody", "password": "secret" }),
        ),
        (
            LESSONS,
            "POST",
            "/models/predict/x",
            json!({ "data": { "city": "x" } }),
        ),
    ];
    for base in [HUB, TOKENS, GRID, DIGITS, LESSONS] {
        let token = administrator(&app, base).await;
        for (_, method, path, good) in goods.iter().filter(|good| good.0 == base) {
            for body in spoiled(good) {
                let what = format!("{method} {path} {body}");
                let call = app.door(base).call(method, path).bearer(&token).json(body);
                is_polite(base, &call.send().await, &what);
            }
        }
    }
}
