//! Files that nobody should send.

use std::io::Write;

use super::*;
use crate::app::data;

const LESSON: &[u8] =
    b"subject,student_level,lesson_minutes,teacher_experience_years,is_online,city,lesson_price\n";

fn odd_files() -> Vec<(&'static str, Vec<u8>)> {
    let wide = [
        &b"a,".repeat(5_000)[..],
        b"target\n",
        &b"1,".repeat(5_000)[..],
        b"1\n",
    ]
    .concat();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("../../evil.csv", options).unwrap();
    zip.write_all(b"age,salary,bonus\n1,2,3\n").unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let utf16: Vec<u8> = "age,salary,bonus\n1,2,3\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    vec![
        ("empty.csv", Vec::new()),
        ("../../evil.csv", b"\n\n\n".to_vec()),
        ("C:\\evil.csv", b",,,\n,,,\n".to_vec()),
        ("nul.csv", b"age,salary,bonus\n\x00,\x00,\x00\n".to_vec()),
        ("binary.csv", (0..=255).cycle().take(5_000).collect()),
        ("quotes.csv", b"age,salary,bonus\n\"1,2,3\n4,5,6\n".to_vec()),
        (
            "ragged.csv",
            b"age,salary,bonus\n1,2,3\n4\n5,6,7,8,9\n".to_vec(),
        ),
        (
            "twice.csv",
            b"age,age,bonus,salary,target\n1,2,3,4,0\n5,6,7,8,1\n".to_vec(),
        ),
        (
            "latin.csv",
            b"age,salary,bonus,target,stra\xdfe\n1,2,3,0,1\n4,5,6,1,2\n".to_vec(),
        ),
        ("utf16.csv", [&b"\xff\xfe"[..], &utf16].concat()),
        ("wide.csv", wide),
        (
            "one.csv",
            b"target\n0\n1\n0\n1\n0\n1\n0\n1\n0\n1\n0\n1\n".to_vec(),
        ),
        (
            "same.csv",
            [&b"age,salary,bonus,target\n"[..], &b"1,1,1,1\n".repeat(20)].concat(),
        ),
        (
            "huge.csv",
            [
                &b"age,salary,bonus,target\n"[..],
                &b"1e308,-1e308,1e308,1\n1e999,inf,nan,0\n".repeat(20),
            ]
            .concat(),
        ),
        (
            "few.csv",
            b"age,salary,bonus,target\n1,2,3,0\n4,5,6,1\n".to_vec(),
        ),
        ("lesson.csv", [LESSON, b"a,b,x,y,z,w,v\n"].concat()),
        ("nothing.csv", [LESSON, &b",,,,,,\n".repeat(20)].concat()),
        ("archive.csv", zip),
        ("parquet.csv", b"PAR1\x00\x00\x00\x00PAR1".to_vec()),
        ("gzip.csv", b"\x1f\x8b\x08\x00\x00\x00\x00\x00".to_vec()),
    ]
}

#[tokio::test]
async fn tables_that_are_none() {
    let app = demo().await;
    let hub = administrator(&app, HUB).await;
    let ana = join(&app, TOKENS).await;
    let dana = join(&app, LESSONS).await;
    app.set(json!({ "dialect_lesson_prices_self_service": true }))
        .await;
    let call = app.door(LESSONS).post("/auth/add_tokens").bearer(&dana);
    assert_eq!(call.json(json!({ "amount": 100 })).send().await.status, 200);
    let (mut tokens, mut lessons) = (15, 100);
    for (name, bytes) in odd_files() {
        let fit = [
            ("model_type", "randomforest"),
            ("target", "target"),
            ("params", "{\"n_estimators\":3}"),
        ];
        let create = [
            ("model_type", "linear"),
            ("feature_cols", "age,salary"),
            ("label_col", "bonus"),
        ];
        let train = [("model_name", "linear")];
        let several = [("model_names", "[\"linear\"]")];
        let calls = [
            (HUB, "/fit", &hub, &fit[..], "file"),
            (HUB, "/predict-file", &hub, &[][..], "file"),
            (TOKENS, "/create", &ana, &create[..], "csv_file"),
            (LESSONS, "/training/train", &dana, &train[..], "file"),
            (
                LESSONS,
                "/training/train_multi",
                &dana,
                &several[..],
                "file",
            ),
        ];
        for (base, path, token, texts, field) in calls {
            let call = app.door(base).post(path).bearer(token);
            let answer = call.multipart(texts, &[(field, name, &bytes)]).send().await;
            is_polite(base, &answer, &format!("{path} {name}"));
            // Only what was trained is paid.
            let paid = answer.status == 200 && answer.json()["trained_models"] != json!([]);
            match base {
                TOKENS => tokens -= i64::from(paid),
                LESSONS => lessons -= i64::from(paid),
                _ => {}
            }
            assert!(
                !paid || base == HUB || name == "same.csv",
                "{path} {name}: {}",
                answer.text()
            );
        }
        let of = app
            .door(TOKENS)
            .get("/user/tokens")
            .bearer(&ana)
            .send()
            .await;
        assert_eq!(of.json()["tokens"], tokens, "{name}");
        let of = app
            .door(LESSONS)
            .get("/auth/tokens")
            .bearer(&dana)
            .send()
            .await;
        assert_eq!(of.json()["tokens"], lessons, "{name}");
    }
}

#[tokio::test]
async fn fields_of_forms() {
    let app = demo().await;
    app.set(json!({ "dialect_lesson_prices_train": 0, "dialect_token_platform_train": 0 }))
        .await;
    let hub = administrator(&app, HUB).await;
    let ana = join(&app, TOKENS).await;
    let dana = join(&app, LESSONS).await;
    let (heart, employees, lessons) = (
        data("heart_disease.csv"),
        data("employees.csv"),
        data("private_lessons.csv"),
    );
    let long = "x".repeat(10_000);
    let odd = [
        "nan",
        "-1",
        "0",
        "1",
        "1e308",
        "-1e-320",
        "99999999999999999999",
        "null",
        "[]",
        "{}",
        "[null]",
        "{\"C\":[1]}",
        "{\"C\":null,\"n_estimators\":1e9}",
        "[[[[",
        "a\u{0}b",
        "\u{202e}漢字",
        &long,
    ];
    let fit: &[(&str, &str)] = &[
        ("model_type", "logisticregression"),
        ("target", "target"),
        ("file_name", "x"),
        ("test_size", "0.2"),
        ("k_folds", "0"),
        ("params", "{}"),
    ];
    let create: &[(&str, &str)] = &[
        ("model_type", "linear"),
        ("feature_cols", "age"),
        ("label_col", "bonus"),
        ("train_percentage", "0.8"),
        ("optional_params", "{}"),
        ("model_filename", ""),
    ];
    let train: &[(&str, &str)] = &[
        ("model_name", "linear"),
        ("model_params", "{}"),
        ("features", "[\"city\"]"),
    ];
    let several: &[(&str, &str)] = &[("model_names", "[\"linear\"]")];
    let calls = [
        (HUB, "POST", "/fit", &hub, fit, Some(("file", &heart))),
        (
            HUB,
            "POST",
            "/load-model",
            &hub,
            &[("file_name", "x")][..],
            None,
        ),
        (
            HUB,
            "PUT",
            "/rename-model",
            &hub,
            &[("current_name", "x"), ("new_name", "y")][..],
            None,
        ),
        (
            HUB,
            "POST",
            "/login",
            &hub,
            &[("username", "x"), ("password", "y")][..],
            None,
        ),
        (
            TOKENS,
            "POST",
            "/create",
            &ana,
            create,
            Some(("csv_file", &employees)),
        ),
        (
            LESSONS,
            "POST",
            "/training/train",
            &dana,
            train,
            Some(("file", &lessons)),
        ),
        (
            LESSONS,
            "POST",
            "/training/train_multi",
            &dana,
            several,
            Some(("file", &lessons)),
        ),
    ];
    for (base, method, path, token, good, file) in calls {
        for place in 0..good.len() {
            for odd in odd {
                let mut texts = good.to_vec();
                texts[place].1 = odd;
                let file = file.map(|(field, bytes)| (field, "x.csv", &bytes[..]));
                let call = app.door(base).call(method, path).bearer(token);
                let answer = call.multipart(&texts, file.as_slice()).send().await;
                is_polite(base, &answer, &format!("{path} {:?}", texts[place]));
            }
        }
    }
}
