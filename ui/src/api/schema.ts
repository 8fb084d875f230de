// Made from crates/api/openapi.json by `npm run types` in ui/. Do not edit: change the server, run
// `cargo xtask openapi`, then `npm run types`. Pages import the short names in types.ts instead.

export interface paths {
    "/api/v1/admin/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what
         * @description For administrators.
         */
        get: operations["audit_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/audit-events/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what, as a CSV file
         * @description For administrators; newest first. Cells that a spreadsheet would take for a formula begin with an apostrophe. That
         *     somebody took the file is an entry itself.
         */
        get: operations["export_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/audit-events/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the audit's chain from its beginning
         * @description For administrators. Every entry's hash is computed again; it takes as long as there are entries.
         */
        get: operations["verify_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/batch-predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everybody's batches
         * @description Where they stand and what they cost, not what was answered. One that runs is stopped by its job.
         */
        get: operations["all_batches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/batch-predictions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete somebody's batch
         * @description Anybody's, with its answers. One that still runs is stopped and its price given back.
         */
        delete: operations["delete_anybodys_batch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody's data sets */
        get: operations["all_datasets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/datasets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete somebody's data set
         * @description Anybody's, with its bytes. Models trained on it stay.
         */
        delete: operations["delete_anybodys_dataset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/digits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Choose the model that reads digits */
        patch: operations["choose_digits"];
        trace?: never;
    };
    "/api/v1/admin/digits/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Models of digits */
        get: operations["digit_models"];
        put?: never;
        /**
         * Train a model of digits
         * @description On the pictures that come with the program. It does not answer before it is chosen, unless it is the only one. Follow the
         *     job in `Location`.
         */
        post: operations["train_digits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody's jobs */
        get: operations["all_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel somebody's job
         * @description One that waits ends at once, one that runs at its next step; its owner gets the price back. One that has ended stays
         *     as it is.
         */
        post: operations["cancel_anybodys_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody's models */
        get: operations["all_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete somebody's model
         * @description One version of anybody's, with its file and report. A training that still runs is cancelled and its price given back.
         */
        delete: operations["delete_anybodys_model"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every setting */
        get: operations["settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change settings
         * @description An object of keys and values: all of them count from the next request on, or none.
         */
        patch: operations["change_settings"];
        trace?: never;
    };
    "/api/v1/admin/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much this server is used */
        get: operations["statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/stats/days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How this server was used day by day */
        get: operations["daily_use"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody's accounts */
        get: operations["users"];
        put?: never;
        /**
         * Make an account
         * @description Its password is generated and shown once: hand it over, and have it changed.
         */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An account */
        get: operations["user"];
        put?: never;
        post?: never;
        /**
         * Delete somebody's account
         * @description With every data set, model, key and job of it, at once and for good. Your own you delete at `/me`.
         */
        delete: operations["delete_user"];
        options?: never;
        head?: never;
        /**
         * Change an account
         * @description Another role, or being switched on or off, ends its sessions at once. The last administrator who is switched on stays
         *     one.
         */
        patch: operations["change_user"];
        trace?: never;
    };
    "/api/v1/admin/users/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give somebody a new password */
        post: operations["new_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where somebody's tokens went */
        get: operations["movements"];
        put?: never;
        /**
         * Give or take tokens
         * @description A balance never goes below 0. With `Idempotency-Key`, the same request under the same key moves them once.
         */
        post: operations["grant_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/algorithms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be trained, with every parameter */
        get: operations["algorithms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends every session of the account at once: access and refresh tokens given out before are refused from now on.
         *     Without a session there is nothing to end; the cookies go all the same.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew a session
         * @description A refresh token is good once. One that comes a second time was copied: every session that descends from the same
         *     sign-in ends.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an account and sign in */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a password with a one-time link
         * @description The link is used up, and every session of the account ends. Sign in afterwards.
         */
        post: operations["reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batch-predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your batches */
        get: operations["batches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batch-predictions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A batch, and how far it is */
        get: operations["batch"];
        put?: never;
        post?: never;
        /**
         * Delete a batch
         * @description Its answers go with it. One that still runs is stopped and its price given back.
         */
        delete: operations["delete_batch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batch-predictions/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a batch
         * @description One that waits ends at once, one that runs at its next step; its price is given back. One that has ended stays as it
         *     is.
         */
        post: operations["cancel_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batch-predictions/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The answers of a batch
         * @description One row an answer, in the order of the file: `prediction`, and with probabilities one `probability:<class>` a class.
         *     In CSV, texts that a spreadsheet would take for a formula begin with an apostrophe.
         */
        get: operations["batch_result"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compare-train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Train several algorithms and compare them
         * @description All learn from the same rows and are tested on the same others. The price is that of one training. Those that cannot be
         *     trained are listed with the reason and do not hold the others up. Follow the job in `Location`, or send `Prefer: wait=N`.
         */
        post: operations["compare_train"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compare-train/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A comparison */
        get: operations["comparison"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your data sets */
        get: operations["datasets"];
        put?: never;
        /**
         * Bring a file
         * @description CSV, TSV, XLSX, Parquet or JSON lines, as the body or as the part `file` of a form. Its content is checked while it
         *     arrives; what is no table is refused and not kept. A job then reads it: follow `Location`, or send
         *     `Prefer: wait=N`.
         */
        post: operations["upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A data set */
        get: operations["dataset"];
        put?: never;
        post?: never;
        /**
         * Delete a data set
         * @description Its file goes with it; models trained on it stay.
         */
        delete: operations["delete_dataset"];
        options?: never;
        head?: never;
        /** Rename a data set */
        patch: operations["rename_dataset"];
        trace?: never;
    };
    "/api/v1/datasets/{id}/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a data set holds
         * @description `rows`, `duplicate_rows`, one description a column (`missing`, `distinct`, five numbers, `histogram` or `top`
         *     values), `correlations`, `warnings` with the most harmful first, and a `suggested_target`.
         */
        get: operations["profile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rows of a data set
         * @description In the order they came in, or sorted by a column; all of them, or those whose cell in one column passes a filter.
         */
        get: operations["rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{id}/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a data set is read
         * @description The kinds of its columns, and which of them a person chose; the form of its file, where a person told it.
         */
        get: operations["dataset_schema"];
        put?: never;
        /**
         * Read a data set differently
         * @description Reads the upload once more, with other kinds of columns or in another form, as the next revision. Free. Until that has
         *     succeeded, and when it fails, the data set stays as it is; models that were trained stay in any case. Cells that do not
         *     fit their kind become missing, and the profile warns of them. Follow `Location`, or send `Prefer: wait=N`.
         */
        post: operations["change_dataset_schema"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look at the beginning of a file
         * @description Send up to the first 4 MiB of it as the body, or as the part `file` of a form. Free; nothing is stored. Answers the
         *     recognised settings (`format`, `delimiter`, `encoding`, `decimal`, `header`), the `columns` with the kinds that
         *     this part suggests, up to 100 `rows` and `notes`; of a workbook also its `sheets`, and which `sheet` this is.
         *
         *     XLSX and Parquet files are read whole. Of a Parquet file of any size the last bytes (up to 4 MiB) tell with
         *     `part=end` its `columns` and how many rows it has (`row_count`), without the rows.
         */
        post: operations["preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/digits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether digits are read */
        get: operations["digits_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/digits/guest-predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read a digit as a guest
         * @description Nobody has to be signed in, and nobody pays; the setting `digits_guest_calls` says how many there are in a day.
         */
        post: operations["guest_read_digit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/digits/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read a digit
         * @description As `POST /models/{id}/pictures`, with the model of digits. Until the first one is trained the answer is 503 with its
         *     progress and `Retry-After`.
         */
        post: operations["read_digit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/g/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The model of a guest link */
        get: operations["guest_model"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/g/{slug}/pictures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predict from a picture as a guest
         * @description As `POST /models/{id}/pictures`, with a model of pictures behind a guest link. Its owner pays, for so many calls a day.
         */
        post: operations["guest_predict_picture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/g/{slug}/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predict as a guest
         * @description The model's owner pays, for so many calls a day; one too many is 429, and 409 says that they cannot pay.
         */
        post: operations["guest_predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your jobs */
        get: operations["jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A job */
        get: operations["job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job
         * @description One that waits ends at once, one that runs at its next step; the price is given back. One that has ended stays as
         *     it is.
         */
        post: operations["cancel_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A job as it goes
         * @description Server-sent events named `job`, each with the whole job, at once and after every change; the stream ends after the
         *     state that nothing follows.
         */
        get: operations["job_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a job with the best so far
         * @description For jobs that look for something: a race of algorithms, a search for parameters, a study. What is best so far is fitted
         *     and kept, and the price stays paid. One that waits has nothing yet and is cancelled; a single training goes on to its
         *     end. One that has ended stays as it is.
         */
        post: operations["stop_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your account */
        get: operations["me"];
        put?: never;
        post?: never;
        /**
         * Delete your account
         * @description With every data set, model, key and job of it, at once and for good. The last administrator stays.
         */
        delete: operations["delete_me"];
        options?: never;
        head?: never;
        /** Change your account */
        patch: operations["change_me"];
        trace?: never;
    };
    "/api/v1/me/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your API keys */
        get: operations["my_api_keys"];
        put?: never;
        /**
         * Make an API key
         * @description It never does more than your role allows, and never what needs your password: other keys, passwords, the account.
         */
        post: operations["make_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End an API key */
        delete: operations["end_api_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change your password
         * @description Every session of the account ends but the one in the answer. API keys stay.
         */
        post: operations["change_my_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Room your data sets and models take */
        get: operations["storage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your tokens, and where they went */
        get: operations["my_tokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your models */
        get: operations["models"];
        put?: never;
        /**
         * Train a model
         * @description What can be found wrong is found before anything is charged. Follow the job in `Location`, or send
         *     `Prefer: wait=N` to be answered with the model when it is done in time. With `Idempotency-Key`, the same request
         *     under the same key is charged once.
         */
        post: operations["train"];
        /**
         * Delete several models
         * @description Those named by `ids`, all versions of a `name`, or all you have; with their files and reports. When one of those named is
         *     not there, none is deleted. Trainings that still run are cancelled and their price given back.
         */
        delete: operations["delete_models"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A model */
        get: operations["model"];
        put?: never;
        post?: never;
        /**
         * Delete a model
         * @description One version, with its file and report. A training that still runs is cancelled and its price given back.
         */
        delete: operations["delete_model"];
        options?: never;
        head?: never;
        /**
         * Rename, file or share a model
         * @description Shared with accounts, whoever asks pays. Shared with guests, the answer has a `guest_slug`, and its owner pays for so many
         *     calls a day; a link that was ended does not come back.
         */
        patch: operations["change_model"];
        trace?: never;
    };
    "/api/v1/models/{id}/accuracy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How right a model was over time
         * @description For its owner, over everybody's questions whose truth somebody told.
         */
        get: operations["model_accuracy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/aliases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The aliases of a model's name */
        get: operations["aliases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/aliases/{alias}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Point an alias to a model
         * @description The alias belongs to the model's name and moves away from wherever it pointed. `name@alias` then names this version
         *     wherever a model is named.
         */
        put: operations["point_alias"];
        post?: never;
        /** Take an alias back */
        delete: operations["remove_alias"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/batch-predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predict a file
         * @description CSV, TSV, XLSX, JSON lines or Parquet, as the body or as the part `file` of a form, with the model's columns in any
         *     order. Its rows are counted and paid for at once: the price of a batch for each started 1,000 rows. A job then answers
         *     it, in constant memory: follow `Location`, or send `Prefer: wait=N`. What fails is given back. With `Idempotency-Key`,
         *     the same file under the same key is charged once.
         *
         *     A model of pictures is sent a zip archive of up to 50,000 of them instead, in whatever folders, or that many parts
         *     `file` of a form: one line a file comes back, with its name, what it shows and how sure that is, or why it cannot be read.
         */
        post: operations["predict_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/calibration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether 80 % sure is right 80 times of 100: `calibration` with the bins of each class */
        get: operations["calibration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/certificate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether every way to ask gives the same answers: `certificate` with the largest difference of each path (form, JSON, CSV, Parquet, ONNX) and its bound */
        get: operations["certificate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/confusion-matrix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was taken for what: `confusion_matrix` with `classes` and `counts[actual][predicted]`, and `per_class` */
        get: operations["confusion_matrix"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/confusion-matrix/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rows of a cell of the confusion matrix
         * @description Test rows with all their columns, as long as the data is there; `total` is the number in the cell.
         */
        get: operations["cell_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/contenders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who took part: `contenders` with their scores, `automatic` or `search` */
        get: operations["contenders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/contract": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The schema contract of a model */
        get: operations["model_contract"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the schema contract of a model
         * @description Holds for every answer asked for after it, and not for batches that were accepted before.
         */
        patch: operations["change_model_contract"];
        trace?: never;
    };
    "/api/v1/models/{id}/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a model's rows have moved over time
         * @description For its owner, over everybody's questions: the population stability index of each column and of the answers.
         */
        get: operations["model_drift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a model
         * @description The model file (`.tym`) with its whole preparation; nothing in it can run. Or as ONNX: one input a column, named as the
         *     column, of shape `[rows, 1]` (text for categories, missing as ""; doubles for everything else, missing as NaN, dates as
         *     seconds since 1970 UTC); the first output is the label or the value, the second the probabilities. Models of pictures have
         *     one input a pixel, as brought to the form they learned from. Models of free text stay with Trainyard: 422 says so.
         */
        get: operations["export_model"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/importance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the model looks at: `importance`, most important column first */
        get: operations["importance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/learning-curve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The learning curve: `points` with the scores on rows learned from and on rows held out; whether more rows would help */
        get: operations["learning_curve"];
        put?: never;
        /** Work out a learning curve: the model's recipe on growing shares of the rows, at the price of a training */
        post: operations["begin_learning_curve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/lineage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a model comes from */
        get: operations["lineage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Scores on rows the model had never seen: `metrics` with intervals and the baseline's value, `per_class`, `folds` */
        get: operations["model_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/partial-dependence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How answers change with one column
         * @description Partial dependence on the test rows: `grid` holds the values tried, `mean` the mean answer at each (`outputs` numbers a
         *     point: one a class, or 1), `curves` those of single rows. Worked out when it is asked for and kept with the model; the
         *     data has to be there the first time.
         */
        get: operations["partial_dependence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/pictures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predict from a picture
         * @description For a model that was trained on pictures. The picture is the body itself, the part `file` of a form, or JSON with a file in
         *     base64 or with strokes. Something written is found on it whatever its size, place and shade. Charged once the answer is
         *     there; a picture that shows nothing costs nothing.
         */
        post: operations["predict_picture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/pr-curve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Precision-recall curves: `pr` with `recall`, `precision` and `thresholds` of each class */
        get: operations["pr_curve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Predict
         * @description Charged once the answer is there; an answer that fails costs nothing. With `Idempotency-Key`, the same request
         *     under the same key is charged once. Rows come as JSON, or as a small file (CSV, TSV, JSON lines, Parquet or XLSX of up
         *     to 8 MB) with what else is wanted in the address. What happens to odd cells is the model's contract.
         */
        post: operations["predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The report of a model
         * @description `metrics` with intervals and the baseline's value, `confusion_matrix`, `roc`, `pr`, `calibration`,
         *     `threshold_sweep` or `residuals`, `importance`, `contenders`, `preparation`, `warnings`, `lineage` and a `verdict`. As
         *     `html` it is a page that needs nothing else, sent as a file.
         */
        get: operations["report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/residuals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far numbers were off: `residuals` with a `sample` and a `histogram` */
        get: operations["residuals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/retraining": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether training again made the `same` bytes */
        get: operations["retraining"];
        put?: never;
        /** Train a model again from its lineage and compare the bytes, at the price of a training */
        post: operations["begin_retraining"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/roc-curve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ROC curves: `roc` with `fpr`, `tpr` and `thresholds` of each class */
        get: operations["roc_curve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/self-tests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The self-tests: `shuffled_target`, `duplicates` across the split and `leak`, each with `passed` and a plain sentence */
        get: operations["self_tests"];
        put?: never;
        /** Test whether a model's scores can be believed, at the price of a training */
        post: operations["begin_self_tests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/threshold-sweep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each cut between two classes would give: `threshold_sweep` with `precision`, `recall`, `f1` and `accuracy` */
        get: operations["threshold_sweep"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/training-history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the loss fell while the model learned: `training_history` of each algorithm in it that goes in steps, with up to 200 `points` */
        get: operations["training_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/tree": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a tree asks
         * @description Of decision trees, forests and boosted trees: `nodes`, the root first. Each has the `condition` that leads to it from its
         *     `parent` (a `column` with `ranges` above the first and up to the second number, or `values`, and `text`), its `rows`, its
         *     `answer` (`answers` says what that is: `shares` of the `classes`, a `value`, or what the tree adds to the `score` of
         *     `output`), and either `children` or whether it is `cut` there. `missing` says where empty cells go. `rules` tell how the
         *     ends are reached, at most 64 of them. Above leaves, answers are the mean of those below.
         */
        get: operations["model_tree"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare models
         * @description Two to four trained models: every metric with its winner, the settings in which they differ, and their ROC curves.
         */
        get: operations["compare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring a model
         * @description A model file of this program (`.tym`), as the body or as the part `file` of a form. It is checked by its content: other
         *     kinds of files (pickles, ONNX, archives) and files of which a single byte was changed are refused and not kept. It comes
         *     without a report, since its file holds none.
         */
        post: operations["import_model"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What you asked
         * @description Receipts of single calls; files are in the list of batches.
         */
        get: operations["predictions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/predictions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One receipt, with its answer */
        get: operations["prediction"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/predictions/{id}/truth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what turned out to be true
         * @description From then on the prediction counts for the accuracy of its model. Said again, it replaces what was said before.
         */
        post: operations["tell_truth"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/predictions/truth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what turned out to be true of many predictions */
        post: operations["tell_truths"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Data sets that come with the program */
        get: operations["samples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/samples/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a data set of a sample */
        post: operations["take_sample"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/public": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What anybody may know about this server */
        get: operations["public"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the first administrator is still to be made */
        get: operations["setup_state"];
        put?: never;
        /**
         * Make the first administrator and sign in
         * @description Works exactly once; afterwards it is 409.
         */
        post: operations["set_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/studies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your studies */
        get: operations["studies"];
        put?: never;
        /**
         * Begin a study
         * @description Settings are tried one after another on folds of the training rows; the best is fitted on all of them, tested on the
         *     others, and waits until you save it or let it go. Follow the job in `Location` and the trials beside it, or send
         *     `Prefer: wait=N`.
         */
        post: operations["begin_study"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/studies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A study */
        get: operations["study"];
        put?: never;
        post?: never;
        /**
         * Delete a study
         * @description With its trials. One that runs is cancelled and its price given back; the model it was saved as stays.
         */
        delete: operations["delete_study"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/studies/{id}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let the best of a study go
         * @description Its file is deleted; the trials stay.
         */
        post: operations["revert_study"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/studies/{id}/save": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Save the best of a study as a model
         * @description It is fitted already: this costs nothing. Asked again, the same model answers.
         */
        post: operations["save_study"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/studies/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a study with the best so far
         * @description The best so far is fitted and waits to be saved. A study that waits has tried nothing: it is cancelled and its price
         *     given back. One that has ended stays as it is.
         */
        post: operations["stop_study"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/studies/{id}/trials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The trials of a study
         * @description Also while it runs: the job's events say when there are more.
         */
        get: operations["trials"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server lives */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures for Prometheus
         * @description Requests, jobs, predictions, tokens, refusals and memory; no identifiers. For administrators (an API key of scope
         *     `admin` will do), and without signing in for programs on the same machine while no proxy is in front.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server can answer */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this server is */
        get: operations["v2_server"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether this server lives */
        get: operations["v2_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether this server answers */
        get: operations["v2_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a model takes and gives */
        get: operations["v2_model"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{id}/infer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a model in tensors
         * @description Charged as any prediction, once the answer is there. Up to 1,000 rows.
         */
        post: operations["v2_infer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{id}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a model answers */
        get: operations["v2_model_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An accepted file. */
        AcceptedBatch: components["schemas"]["Batch"] & {
            /**
             * Format: int64
             * @description The balance after it was paid for.
             */
            balance: number;
        };
        /** @description An account as administrators see it. */
        Account: components["schemas"]["User"] & {
            /** @description Whether it is switched on. */
            active: boolean;
            /**
             * Format: date-time
             * @description When the person last signed in with the password.
             */
            last_login_at?: string | null;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description One page of accounts, newest first. */
        AccountPage: {
            items: components["schemas"]["Account"][];
            next_cursor?: string | null;
        };
        /** @description How right a model was over time. */
        Accuracy: {
            /** @description Whether there was more than is read for one answer; a shorter time shows the rest. */
            cut_short: boolean;
            /**
             * Format: double
             * @description What it was on the rows the model was tested with, when it was made.
             */
            expected?: number | null;
            /**
             * @description `accuracy` (the share of right answers) or `mean_absolute_error`.
             * @example accuracy
             */
            metric: string;
            /** Format: uuid */
            model_id: string;
            /** @description The periods in which something was asked whose truth is known, oldest first. */
            periods: components["schemas"]["AccuracyPeriod"][];
        };
        /** @description How right it was in one period. */
        AccuracyPeriod: {
            /** Format: date-time */
            from: string;
            /**
             * Format: double
             * @description The root of the mean squared distance (regressions).
             */
            rmse?: number | null;
            /**
             * Format: int64
             * @description Rows whose truth is known.
             */
            rows: number;
            /** Format: double */
            value: number;
        };
        /** @description An algorithm. */
        Algorithm: {
            /** @description What it is, when to pick it. */
            doc: string;
            /** @example random_forest */
            name: string;
            params: components["schemas"]["Param"][];
            /** @description `classification`, `regression`. */
            tasks: string[];
            /** @example Random forest */
            title: string;
        };
        /** @description An algorithm that takes part. */
        AlgorithmChoice: {
            /**
             * @description Its name; see `/algorithms`. Not `auto`, which compares by itself.
             * @example random_forest
             */
            algorithm: string;
            /** @description Its parameters by name. */
            params?: Record<string, never> | null;
        };
        /** @description Every algorithm. */
        AlgorithmList: {
            items: components["schemas"]["Algorithm"][];
        };
        /** @description An alias. */
        Alias: {
            /** @example champion */
            alias: string;
            /** Format: uuid */
            model_id: string;
            /**
             * Format: date-time
             * @description When it was last pointed.
             */
            since: string;
            /**
             * Format: int32
             * @description The version it points to.
             */
            version: number;
        };
        /** @description The aliases of a name. */
        AliasList: {
            items: components["schemas"]["Alias"][];
        };
        /** @description A key without its secret. */
        ApiKey: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at?: string | null;
            /** Format: uuid */
            id: string;
            /**
             * Format: date-time
             * @description To the minute.
             */
            last_used_at?: string | null;
            name: string;
            /**
             * @description The key's first letters.
             * @example tyk_3fXq9Zab
             */
            prefix: string;
            /** @description `read`, `upload`, `train`, `predict`, `admin`. */
            scopes: string[];
        };
        /** @description What following the chain found. */
        AuditChain: {
            /**
             * Format: int64
             * @description How many entries there are, when it is.
             */
            entries?: number | null;
            /** @description Where the chains end. Noted elsewhere, they show that nobody wrote a whole chain anew. */
            heads: components["schemas"]["AuditHead"][];
            /** @description The first thing that does not fit. */
            problem?: string | null;
            /** @description Whether every entry is as it was written and none is missing. */
            sound: boolean;
        };
        /** @description Somebody did, or was refused, something. */
        AuditEvent: {
            /**
             * @description What was done; `request` for a request that was turned away.
             * @example model.train
             */
            action: string;
            /**
             * Format: uuid
             * @description Who, if anybody was signed in.
             */
            actor_id?: string | null;
            /**
             * @description What that account was called then.
             * @example Ana
             */
            actor_name: string;
            /** @description From which network address. */
            address?: string | null;
            /** @description With which program, as it says itself. */
            agent?: string | null;
            /** Format: date-time */
            at: string;
            /** @description More: digests, counts and reasons, never inputs or secrets. */
            details: unknown;
            /** @description Through which door. */
            door?: string | null;
            /** @description The hash of this entry, which holds the hash of the one before. */
            hash: string;
            /**
             * @description `ok`, `refused` or `failed`.
             * @example ok
             */
            outcome: string;
            /** @description In which request. */
            request_id?: string | null;
            /**
             * Format: int64
             * @description The place in the chain, from 1.
             */
            sequence: number;
            /** @description Which one. */
            subject_id?: string | null;
            /**
             * @description What it was done to.
             * @example model
             */
            subject_kind?: string | null;
        };
        /** @description One page of entries, newest first. */
        AuditEventPage: {
            items: components["schemas"]["AuditEvent"][];
            next_cursor?: string | null;
        };
        /** @description The last entry of a chain. */
        AuditHead: {
            /** @description The entry's hash. */
            hash: string;
            /**
             * Format: int64
             * @description The entry's place.
             */
            sequence: number;
            /** @description Which chain. */
            writer: string;
        };
        /** @description A file and where its answering stands. */
        Batch: {
            /**
             * Format: int64
             * @description The file's size.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Tokens it cost; given back when it failed or was cancelled.
             */
            charged: number;
            /** Format: date-time */
            created_at: string;
            error?: components["schemas"]["Failure"] | null;
            file_name: string;
            /** Format: date-time */
            finished_at?: string | null;
            /**
             * @description `csv`, `tsv`, `xlsx`, `json_lines` or `parquet`.
             * @example csv
             */
            format: string;
            /** Format: uuid */
            id: string;
            /** @description Its job; `done` and `of` of its progress count rows. */
            job: components["schemas"]["Job"];
            /**
             * Format: uuid
             * @description Which model; it may be gone.
             */
            model_id: string;
            /** @description What it was called. */
            model_name: string;
            proba: boolean;
            /**
             * Format: int64
             * @description The size of the answers, once they are there.
             */
            result_bytes?: number | null;
            /**
             * @description How answers are written: `csv` or `parquet`.
             * @example csv
             */
            result_format: string;
            /**
             * Format: int64
             * @description Rows, counted before they were paid for.
             */
            rows: number;
            /**
             * @description `queued`, `running`, `done`, `failed` or `cancelled`.
             * @example running
             */
            status: string;
            /** @description What was odd, counted by column. */
            warnings: components["schemas"]["BatchWarning"][];
        };
        /** @description One page of batches, newest first. */
        BatchPage: {
            items: components["schemas"]["Batch"][];
            next_cursor?: string | null;
        };
        /** @description How many cells of a column are odd in one way. */
        BatchWarning: {
            /** @description `wrong_type`, `out_of_range`, `unknown_category` or `missing_column`. */
            code: string;
            column: string;
            detail: string;
            /** Format: int64 */
            rows: number;
        };
        /** @description What to look for. Data set, target, algorithm and search have to be said. */
        BeginStudy: {
            /**
             * @description An algorithm's name.
             * @example random_forest
             */
            algorithm: string;
            /** Format: uuid */
            dataset_id: string;
            /** @description The columns to learn from; all but the target unless said. */
            features?: string[] | null;
            /** @description What decides, as reports name it; accuracy or RMSE unless said. */
            metric?: string | null;
            /** @description What the best will be called; the data set's name unless said. */
            name?: string | null;
            /** @description Parameters that stay fixed. */
            params?: Record<string, never> | null;
            /** @description The class that precision and recall speak of, where there are two. */
            positive_class?: string | null;
            /** @description What to try. */
            search: components["schemas"]["Search"];
            /**
             * Format: int64
             * @description All randomness derives from this; 42 unless said.
             */
            seed?: number | null;
            split?: components["schemas"]["Split"] | null;
            /**
             * @description The column to predict.
             * @example survived
             */
            target: string;
            /**
             * @description `auto`, `classification` or `regression`; auto unless said.
             * @example auto
             */
            task?: string | null;
            /**
             * Format: double
             * @description The share of rows held out for the test, 0.05 to 0.5; 0.2 unless said. No trial sees them.
             */
            test_size?: number | null;
            /** @description The column that says how much each row counts while learning. */
            weights?: string | null;
        };
        /** @description The best setting of a study. */
        BestTrial: {
            /**
             * Format: double
             * @description What the baseline gets on the same folds.
             */
            baseline: number;
            higher_is_better: boolean;
            /** @description Which trial, from 0. */
            number: number;
            /** @description What was tried, beside the parameters that were fixed. */
            params: Record<string, never>;
            /**
             * Format: double
             * @description Mean of the metric over the folds.
             */
            score?: number | null;
        };
        /** @description What a race may spend: exactly one of the two. */
        Budget: {
            /**
             * Format: double
             * @description Units of work, some thousand a second and core: equal requests make equal models.
             */
            work: number;
        } | {
            /**
             * Format: double
             * @description Seconds: more is tried on faster machines, so the result cannot be made again to the byte.
             */
            seconds: number;
        };
        /** @description What to change. What is absent stays; null clears a user name or an address, while the other one is there. */
        ChangeAccount: {
            active?: boolean | null;
            display_name?: string | null;
            email?: string | null;
            /** @description `admin`, `data-scientist`, `ml-engineer`, `analyst`, `user` or `guest`. */
            role?: string | null;
            user_name?: string | null;
        };
        /** @description What to change. What is absent stays; null clears it (a user name or an address only while the other one is there). */
        ChangeMe: {
            display_name?: string | null;
            email?: string | null;
            user_name?: string | null;
        };
        /** @description What to change; what is absent stays. */
        ChangeModel: {
            /** @description 1 to 200 characters; all versions move. */
            name?: string | null;
            /** @description What to remember about this version; null forgets it. */
            notes?: string | null;
            /** @description Words this version is filed under, in the place of the earlier ones; at most 20, in lower case. */
            tags?: string[] | null;
            /** @description Who may ask this version: `private`, `signed-in` (everybody with an account) or `guest` (everybody with the link). */
            visibility?: string | null;
        };
        /** @description The password that is, and the one that shall be. */
        ChangePassword: {
            current_password: string;
            /** @description At least 8 characters. */
            new_password: string;
        };
        /** @description An accepted check. */
        CheckAccepted: {
            /**
             * Format: int64
             * @example 14
             */
            balance: number;
            /**
             * Format: int64
             * @description Tokens charged; given back when it fails.
             * @example 1
             */
            charged: number;
            /** Format: uuid */
            job_id: string;
            /** @example queued */
            status: string;
        };
        /** @description A column's name and kind. */
        Column: {
            /** @description `integer`, `number`, `boolean`, `date`, `category`, `text` or `identifier`. */
            kind: unknown;
            name: string;
        };
        /** @description A column and its kind. */
        ColumnKind: {
            /**
             * @description `integer`, `number`, `boolean`, `date`, `category`, `text` or `identifier`.
             * @example category
             */
            kind: string;
            name: string;
            /** @description Whether a person chose it; else it was found by looking at the values. */
            set: boolean;
        };
        /** @description An accepted comparison. */
        CompareAccepted: {
            /**
             * Format: int64
             * @example 14
             */
            balance: number;
            /**
             * Format: int64
             * @description Tokens charged, once for all; given back when none can be trained.
             * @example 1
             */
            charged: number;
            /** Format: uuid */
            job_id: string;
            models: components["schemas"]["ModelSummary"][];
            /** @example queued */
            status: string;
        };
        /** @description Who takes part, and what all of them have in common. */
        CompareTrainBody: {
            /** @description 2 to 10 algorithms. */
            algorithms: components["schemas"]["AlgorithmChoice"][];
            /** Format: uuid */
            dataset_id: string;
            /** @description The columns to learn from; all but the target unless said. */
            features?: string[] | null;
            /** @description Folds of an additional cross-validation, 2 to 20; 0 for none. */
            folds?: number | null;
            /** @description What decides which is best, as the report names it; accuracy or RMSE unless said. */
            metric?: string | null;
            /** @description The models' name; the data set's unless said. Each becomes a version of it. */
            name?: string | null;
            /** @description The class that precision and recall speak of, where there are two. */
            positive_class?: string | null;
            /**
             * Format: int64
             * @description All randomness derives from this; 42 unless said.
             */
            seed?: number | null;
            split?: components["schemas"]["Split"] | null;
            /**
             * @description The column to predict.
             * @example survived
             */
            target: string;
            /**
             * @description `auto`, `classification` or `regression`; auto unless said.
             * @example auto
             */
            task?: string | null;
            /**
             * Format: double
             * @description The share of rows held out for the test, 0.05 to 0.5; 0.2 unless said.
             */
            test_size?: number | null;
            /** @description The column that says how much each row counts while learning. */
            weights?: string | null;
        };
        /** @description A comparison. */
        Comparison: {
            /**
             * Format: uuid
             * @description The best of those that could be trained, once all are.
             */
            best?: string | null;
            /**
             * Format: uuid
             * @description The job that trains them; also the comparison's own identifier.
             */
            job_id: string;
            /**
             * @description One model an algorithm, in the order asked for. One that could not be trained is `failed` and says why; one that was
             *     deleted meanwhile is left out.
             */
            models: components["schemas"]["ModelSummary"][];
            /**
             * @description `queued`, `running`, `done`, `failed` or `cancelled`.
             * @example done
             */
            status: string;
        };
        /** @description Who takes part in a training. */
        Contender: {
            algorithm: string;
            chosen: boolean;
            /** Format: double */
            high?: number | null;
            /** Format: double */
            low?: number | null;
            metric: string;
            /**
             * Format: double
             * @description Seconds spent fitting.
             */
            seconds?: number | null;
            /** @description `waiting`, `running`, `done` or `failed`. */
            status: string;
            title: string;
            /** Format: double */
            value?: number | null;
        };
        /** @description The schema contract of a model. */
        Contract: {
            columns: components["schemas"]["ContractColumn"][];
            /** Format: uuid */
            model_id: string;
        };
        /** @description Policies to change. */
        ContractChange: {
            /** @description By column; columns that are not named keep theirs. */
            policies: {
                [key: string]: components["schemas"]["Policy"];
            };
        };
        /** @description One column of it. */
        ContractColumn: {
            /**
             * @description `integer`, `number`, `boolean`, `date`, `category`, `text` or `identifier`.
             * @example number
             */
            kind: string;
            /** @example age */
            name: string;
            policy: components["schemas"]["Policy"];
            /** @description Smallest and largest value seen (numbers and dates). */
            range?: number[] | null;
            /** @description The values seen, most frequent first (categories), or both spellings (yes/no columns). */
            values?: string[] | null;
        };
        /** @description What a row would be answered if one column were different. */
        Curve: {
            /** @example age */
            column: string;
            /** @description The values it is set to, the row's own among them. */
            grid: unknown[];
            /** @description The probability at each, by class (classifications). */
            probabilities?: {
                [key: string]: number[];
            } | null;
            /** @description The number at each (regressions). */
            values?: number[] | null;
        };
        /** @description How this server was used day by day. */
        DailyUse: {
            /** @description Every day, the earliest first; the last is today, UTC. */
            days: components["schemas"]["Day"][];
            /** @description The at most 20 accounts that spent most in these days, most first. */
            spenders: components["schemas"]["Spender"][];
        };
        /** @description A data set. */
        Dataset: {
            /**
             * Format: int64
             * @description Length of the uploaded file.
             */
            bytes: number;
            /** Format: int32 */
            columns?: number | null;
            /** Format: date-time */
            created_at: string;
            error?: components["schemas"]["Failure"] | null;
            /** @example titanic.csv */
            file_name: string;
            /** @description `csv`, `tsv`, `xlsx`, `parquet`, `json_lines` or `pictures`. */
            format?: string | null;
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description The job that reads it.
             */
            job_id?: string | null;
            /**
             * Format: int64
             * @description Models trained on it.
             */
            models: number;
            /** @example titanic */
            name: string;
            /**
             * Format: int32
             * @description The small number people see.
             */
            number: number;
            /**
             * Format: int32
             * @description Which reading of the file this is, from 1.
             */
            revision: number;
            /** Format: int64 */
            rows?: number | null;
            /**
             * @description `profiling`, `ready` or `failed`.
             * @example ready
             */
            status: string;
            /** @description The column a person most likely wants to predict. */
            suggested_target?: string | null;
        };
        /** @description One page of data sets, in the order that was asked for. */
        DatasetPage: {
            items: components["schemas"]["Dataset"][];
            next_cursor?: string | null;
        };
        /** @description How a data set is read. */
        DatasetSchema: {
            /** @description None before it could be read. */
            columns: components["schemas"]["ColumnKind"][];
            /**
             * Format: int32
             * @description Which reading this is, from 1.
             */
            revision: number;
            settings: components["schemas"]["ReadingSettings"];
        };
        /** @description A day. */
        Day: {
            /**
             * Format: int64
             * @description Accounts that did anything that is written down.
             */
            active_users: number;
            /**
             * Format: date
             * @example 2026-11-22
             */
            day: string;
            /**
             * Format: int64
             * @description Calls that were answered.
             */
            predictions: number;
            /**
             * Format: int64
             * @description What was not allowed.
             */
            refused: number;
            /**
             * Format: int64
             * @description Tokens charged, refunds not subtracted.
             */
            tokens: number;
            /**
             * Format: int64
             * @description Trainings that gave a model.
             */
            trainings: number;
        };
        /** @description How many went. */
        Deleted: {
            deleted: number;
        };
        /** @description The account's password, once more. */
        DeleteMe: {
            password: string;
        };
        /** @description Which model answers. */
        DigitChoice: {
            /**
             * Format: uuid
             * @description One of the models of digits.
             */
            model_id: string;
        };
        /** @description A model of digits. */
        DigitModel: {
            /** @example svm */
            algorithm: string;
            /** Format: uuid */
            id: string;
            /** @example ready */
            status: string;
            /** @description How good it is, in a sentence. */
            verdict?: string | null;
            /** Format: int32 */
            version: number;
        };
        /** @description Every model of digits. */
        DigitModelsBody: {
            items: components["schemas"]["DigitModel"][];
        };
        /** @description How the reading of digits stands. */
        DigitsStatus: {
            /** @description Whether people who are not signed in may ask. */
            guests: boolean;
            model?: components["schemas"]["DigitModel"] | null;
            /** @description How far the first model is, while it is trained; as in jobs. */
            progress?: Record<string, never> | null;
            /**
             * @description `ready`, `preparing` while the first model is trained, `failed`, or `off`.
             * @example ready
             */
            status: string;
        };
        /** @description With what to train. */
        DigitTraining: {
            /**
             * @description `svm`, `random_forest`, `extra_trees`, `neural_net`, `logistic_regression` or `knn`; svm unless said.
             * @example svm
             */
            algorithm?: string | null;
            /** @description Its parameters, as `GET /algorithms` lists them; the usual ones where none is named. */
            params?: Record<string, never>;
        };
        /** @description Strokes of a pen. */
        Drawing: {
            /**
             * Format: double
             * @description Its height.
             * @example 280
             */
            height: number;
            /**
             * Format: double
             * @description Width of the pen; a fourteenth of the longer side unless said.
             */
            pen?: number | null;
            /**
             * @description Points `[x, y]` from the top left, stroke by stroke.
             * @example [
             *       [
             *         [
             *           140,
             *           60
             *         ],
             *         [
             *           140,
             *           220
             *         ]
             *       ]
             *     ]
             */
            strokes: number[][][];
            /**
             * Format: double
             * @description Width of the canvas, in the unit of the points.
             * @example 280
             */
            width: number;
        };
        /** @description How far a model's rows and answers have moved over time. */
        Drift: {
            /** @description Whether there was more than is read for one answer; a shorter time shows the rest. */
            cut_short: boolean;
            /** Format: uuid */
            model_id: string;
            /** @description The periods in which something was asked, oldest first. */
            periods: components["schemas"]["DriftPeriod"][];
        };
        /** @description How far they have moved in one period. */
        DriftPeriod: {
            answers?: components["schemas"]["Shift"] | null;
            /** @description The columns, the one that moved most first; at most 64 are watched. */
            columns: components["schemas"]["Shift"][];
            /** Format: date-time */
            from: string;
            /**
             * Format: int64
             * @description Rows that were asked about, batches included.
             */
            rows: number;
        };
        /** @description One page of movements, newest first. */
        EntryPage: {
            items: components["schemas"]["LedgerEntry"][];
            next_cursor?: string | null;
        };
        /** @description What a training would take and cost. */
        Estimate: {
            /**
             * Format: int64
             * @description Your tokens.
             * @example 15
             */
            balance: number;
            /**
             * Format: int64
             * @description Bytes of memory beyond the table, about.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Bytes of memory that its job is held to.
             */
            ceiling_bytes: number;
            /**
             * Format: double
             * @description Seconds after which its job is stopped; what looks for something is content with the best so far well before.
             */
            ceiling_seconds: number;
            /**
             * Format: double
             * @description Seconds on this server, about; real data may be a factor of 2 quicker or slower.
             * @example 2.5
             */
            seconds: number;
            /**
             * Format: int64
             * @description Tokens it would cost.
             * @example 1
             */
            tokens: number;
        };
        /** @description Why a row is answered as it is. */
        Explanation: {
            /**
             * Format: double
             * @description What is answered when nothing is known.
             */
            base: number;
            /**
             * @description How it was found: `trees` and `linear` exactly, `sampled` by asking about mixtures of rows.
             * @example trees
             */
            method: string;
            /** @description The strongest reasons, strongest first. */
            reasons: components["schemas"]["Reason"][];
            /**
             * Format: double
             * @description What all other columns come to together.
             */
            rest: number;
            /**
             * @description What base, reasons and rest add up to: `probability`, `log_odds`, `class_scores`, `number` or `log_number`.
             * @example log_odds
             */
            scale: string;
        };
        /** @description Why something failed. */
        Failure: {
            code: string;
            /** @description What happened and what to do. */
            detail: string;
        };
        /** @description One wrong field. */
        FieldProblem: {
            /** @description What is wrong and what to do. */
            detail: string;
            /**
             * @description JSON pointer into the request.
             * @example /params/max_depth
             */
            pointer: string;
        };
        /** @description What was moved. */
        GrantBody: {
            /**
             * Format: int64
             * @description The account's balance after it.
             */
            balance: number;
            entry: components["schemas"]["LedgerEntry"];
        };
        /** @description Tokens to give, or to take. */
        GrantRequest: {
            /**
             * @description Why, in a line; the account's owner reads it.
             * @example for the course in spring
             */
            reason: string;
            /**
             * Format: int64
             * @description Above 0 they are given, below 0 they are taken.
             * @example 100
             */
            tokens: number;
        };
        /** @description A shared model, as a guest sees it. */
        GuestModel: {
            /** @description The classes, in the order of probabilities; null for numbers. */
            classes?: string[] | null;
            name: string;
            /** @description What it wants to be asked: one entry a column. */
            signature?: components["schemas"]["SignatureField"][] | null;
            /** @description The predicted column. */
            target: string;
            /** @description `classification` or `regression`. */
            task?: string | null;
            /** @description How good it is, in a sentence. */
            verdict?: string | null;
        };
        /** @description What a guest is told about a picture. */
        GuestPicturePrediction: {
            prediction: components["schemas"]["PictureAnswer"];
        };
        /** @description What a guest asks. */
        GuestPredictBody: {
            /** @description Whether the probability of every class is wanted. */
            proba?: boolean;
            /**
             * @description 1 to 1,000 rows: objects by column name, or arrays in the signature's order.
             * @example [
             *       {
             *         "age": 30,
             *         "sex": "female"
             *       }
             *     ]
             */
            rows: Record<string, never>[];
        };
        /** @description What came of it. */
        GuestPredictionsBody: {
            /** @description One answer a row, in order. */
            predictions: components["schemas"]["Prediction"][];
        };
        /** @description A state of the server. */
        Health: {
            /** @example ok */
            status: string;
        };
        /** @description What a model is asked. */
        InferRequest: {
            /** @description Comes back with the answer. */
            id?: string | null;
            /** @description One tensor a column. */
            inputs: components["schemas"]["InputTensor"][];
            /** @description Which outputs are wanted; all unless named. */
            outputs?: components["schemas"]["WantedOutput"][] | null;
        };
        /** @description What came of it. */
        InferResponse: {
            id?: string | null;
            /** @description As it was asked for. */
            model_name: string;
            /** @description The identifier of the version. */
            model_version: string;
            outputs: components["schemas"]["OutputTensor"][];
            /** @description `prediction_id`, `charged`, `balance`, and how many cells were odd as `warnings`. */
            parameters: Record<string, never>;
        };
        /** @description The values of one column. */
        InputTensor: {
            /**
             * @description As many values as the shape says, in one list or in one for each row; null is missing.
             * @example [
             *       30,
             *       41.5
             *     ]
             */
            data: Record<string, never>[];
            /** @example FP64 */
            datatype: string;
            /** @example age */
            name: string;
            /**
             * @description `[rows]` or `[rows, 1]`.
             * @example [
             *       2
             *     ]
             */
            shape: number[];
        };
        /** @description A job. */
        Job: {
            /**
             * Format: int32
             * @description Which try this is, from 1; 0 before the first.
             */
            attempt: number;
            /** @description Whether it can be cancelled now. */
            cancelable: boolean;
            /** Format: date-time */
            created_at: string;
            error?: components["schemas"]["Failure"] | null;
            /** Format: date-time */
            finished_at?: string | null;
            /** Format: uuid */
            id: string;
            /**
             * @description `profile`, `train`, `compare`, `study`, `check` or `batch`.
             * @example train
             */
            kind: string;
            /** Format: int32 */
            max_attempts: number;
            progress: components["schemas"]["Progress"];
            result?: components["schemas"]["JobResult"] | null;
            /** Format: date-time */
            started_at?: string | null;
            /**
             * @description `queued`, `running`, `done`, `failed` or `cancelled`.
             * @example running
             */
            status: string;
            /** @description Whether it was asked to end with the best so far. */
            stopping: boolean;
        };
        /** @description One event of the stream. */
        JobEvent: {
            /** @description The whole job, in JSON. */
            data: string;
            /** @example job */
            event: string;
        };
        /** @description One page of jobs, newest first. */
        JobPage: {
            items: components["schemas"]["Job"][];
            next_cursor?: string | null;
        };
        /** @description What a job made. */
        JobResult: {
            /**
             * Format: uuid
             * @description The best model of a comparison.
             */
            best?: string | null;
            /** Format: uuid */
            id: string;
            /**
             * @description `model`, `dataset`, `comparison`, `study` or `batch`.
             * @example model
             */
            kind: string;
        };
        /** @description One page of keys, newest first. */
        KeyPage: {
            items: components["schemas"]["ApiKey"][];
            next_cursor?: string | null;
        };
        /** @description One movement of tokens. */
        LedgerEntry: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            balance_after: number;
            /**
             * Format: int64
             * @description Above 0 they came, below 0 they went.
             */
            delta: number;
            /** Format: int64 */
            id: number;
            /** @description `opening`, `train`, `predict`, `refund`, `grant`. */
            reason: string;
            /** @description What for: a model, prediction or job, or a remark. */
            reference?: string | null;
        };
        /** @description How much is taken. */
        Limits: {
            /**
             * Format: int64
             * @description The largest upload.
             */
            upload_bytes: number;
        };
        /** @description Where a model comes from: with this the same bytes can be made again on one kind of processor. */
        Lineage: {
            /**
             * Format: int64
             * @description The model file's length.
             */
            bytes?: number | null;
            /** Format: date-time */
            created_at: string;
            /** @description BLAKE3 of the data set as it was brought; null for a model that was brought as a file. */
            data_hash?: string | null;
            /**
             * Format: uuid
             * @description The data set, while it exists.
             */
            dataset_id?: string | null;
            /** @description What the data set was called. */
            dataset_name: string;
            /** Format: date-time */
            finished_at?: string | null;
            /** @description The instruction set that was computed with. */
            kernel?: string | null;
            /** @description BLAKE3 of the model file. */
            model_hash?: string | null;
            /** Format: uuid */
            model_id: string;
            name: string;
            /** @description The whole request, as the trainer read it. */
            request: Record<string, never>;
            /**
             * Format: int64
             * @description All randomness derived from this.
             */
            seed: number;
            /** @description BLAKE3 of the table it was read into. */
            table_hash?: string | null;
            /** @description Whether that table is still there, so that the training can be done again. */
            table_kept: boolean;
            /** Format: int32 */
            version: number;
            /** @description The version of the program that trained it. */
            version_of_program?: string | null;
        };
        /** @description A user name or e-mail address, and the password. */
        LoginRequest: {
            /** @example ana@example.com */
            login: string;
            password: string;
        };
        /** @description A new account with its password. */
        MadeAccountBody: {
            /** @description Generated, and shown this once. */
            password: string;
            user: components["schemas"]["Account"];
        };
        /** @description A key with its secret. */
        MadeKeyBody: components["schemas"]["ApiKey"] & {
            /** @description The secret, shown this once: `Authorization: Bearer …` or `X-API-Key: …`. */
            key: string;
        };
        /** @description A metric. */
        Metric: {
            /**
             * Format: double
             * @description What the baseline gets, which looks at no column.
             */
            baseline?: number | null;
            /**
             * Format: double
             * @description Upper end of the 95 % interval.
             */
            high?: number | null;
            /**
             * Format: double
             * @description Lower end of the 95 % interval.
             */
            low?: number | null;
            /** Format: double */
            value: number;
        };
        /** @description One metric of all. */
        MetricRow: {
            /** @description Whether the winner's interval lies apart from all others'. */
            clear: boolean;
            higher_is_better: boolean;
            /** @example accuracy */
            metric: string;
            values: (components["schemas"]["Metric"] | null)[];
            /**
             * Format: uuid
             * @description The model that is best; null where fewer than two have a value, or the best are equal.
             */
            winner?: string | null;
        };
        /** @description A model. */
        Model: components["schemas"]["ModelSummary"] & {
            /** @description The classes, in the order of probabilities; null for numbers. */
            classes?: string[] | null;
            /** @description How much work a race was given. */
            effort?: string | null;
            /** @description The columns it was told to learn from; null is all. */
            features?: string[] | null;
            /** Format: int32 */
            folds: number;
            /** @description What decided the race. */
            metric?: string | null;
            /** @description What its owner remembers about it; only its owner sees it. */
            notes?: string | null;
            /** @description Hyperparameters; once trained with the defaults. */
            params: Record<string, never>;
            positive_class?: string | null;
            /** @description The whole request that made it, as the trainer read it; only its owner sees it. */
            request?: Record<string, never> | null;
            /** Format: int64 */
            seed: number;
            /** @description What it wants to be asked: one entry a column. */
            signature?: components["schemas"]["SignatureField"][] | null;
            /** Format: double */
            test_size: number;
        };
        /** @description What a model takes and gives. */
        ModelMetadata: {
            /** @description One tensor a column. */
            inputs: components["schemas"]["TensorMetadata"][];
            /** @description As it was asked for. */
            name: string;
            /** @description `prediction`, and `probability:<class>` for each class. */
            outputs: components["schemas"]["TensorMetadata"][];
            /** @example trainyard */
            platform: string;
            /** @description The identifier of the version. */
            versions: string[];
        };
        /** @description What a training answers at once. */
        ModelOrEstimate: components["schemas"]["Model"] | components["schemas"]["Estimate"];
        /** @description One page of models, newest first. */
        ModelPage: {
            items: components["schemas"]["ModelSummary"][];
            next_cursor?: string | null;
        };
        /** @description Whether a model answers. */
        ModelReady: {
            name: string;
            ready: boolean;
        };
        /** @description A model, as lists show it. */
        ModelSummary: {
            /**
             * @description The algorithm asked for; once trained, the one that won.
             * @example random_forest
             */
            algorithm: string;
            /** @description Aliases of the name that point to this version. */
            aliases: string[];
            /**
             * Format: int64
             * @description Length of the model file.
             */
            bytes?: number | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            dataset_id?: string | null;
            dataset_name: string;
            error?: components["schemas"]["Failure"] | null;
            /** Format: date-time */
            finished_at?: string | null;
            /** Format: double */
            fit_seconds?: number | null;
            /** @description The last part of the guest link, `/g/…`; only its owner sees it here. */
            guest_slug?: string | null;
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description The job that trains it.
             */
            job_id?: string | null;
            /** @description By name, once trained: on rows the model had never seen. */
            metrics?: {
                [key: string]: components["schemas"]["Metric"];
            } | null;
            /** @example titanic */
            name: string;
            /**
             * Format: int32
             * @description The small number people see.
             */
            number: number;
            /** @description Who shares it; null for your own. */
            shared_by?: string | null;
            /**
             * @description `queued`, `training`, `ready`, `failed` or `cancelled`.
             * @example ready
             */
            status: string;
            /** @description Words it is filed under. */
            tags: string[];
            /** @description The predicted column. */
            target: string;
            /** @description `classification` or `regression`, once decided. */
            task?: string | null;
            /** @description How good it is, in a sentence. */
            verdict?: string | null;
            /**
             * Format: int32
             * @description Which training of that name, from 1.
             */
            version: number;
            /**
             * @description `private`, `signed-in` (everybody with an account) or `guest` (everybody with the link).
             * @example private
             */
            visibility: string;
        };
        /** @description A new account: a user name, an e-mail address, or both. */
        NewAccountRequest: {
            display_name?: string | null;
            email?: string | null;
            /** @description `admin`, `data-scientist`, `ml-engineer`, `analyst`, `user` or `guest`; `user` unless said. */
            role?: string | null;
            /**
             * Format: int64
             * @description The opening balance; what every new account gets unless said.
             */
            tokens?: number | null;
            user_name?: string | null;
        };
        /** @description What a new key is. */
        NewKeyRequest: {
            /**
             * Format: date-time
             * @description When it ends by itself; never unless said.
             */
            expires_at?: string | null;
            /** @example nightly report */
            name: string;
            /**
             * @description Some of `read`, `upload`, `train`, `predict`, `admin`.
             * @example [
             *       "read",
             *       "predict"
             *     ]
             */
            scopes: string[];
        };
        /** @description What to hand over. It is shown this once. */
        NewPasswordBody: {
            /**
             * Format: date-time
             * @description When the link ends by itself.
             */
            expires_at?: string | null;
            /**
             * @description The page of the link, on this server's address. The secret stands behind `#`, where no server logs it.
             * @example /reset#PxXA…
             */
            page?: string | null;
            /** @description The generated password. */
            password?: string | null;
            /** @description What `/auth/reset` takes. */
            token?: string | null;
        };
        /** @description How somebody gets a new password. */
        NewPasswordRequest: {
            way: components["schemas"]["Way"];
        };
        /** @description The values of one output. */
        OutputTensor: components["schemas"]["TensorMetadata"] & {
            data: Record<string, never>[];
        };
        /** @description Somebody's batch. */
        OwnedBatch: components["schemas"]["Batch"] & {
            owner?: components["schemas"]["Owner"] | null;
        };
        /** @description One page of everybody's batches, newest first. */
        OwnedBatchPage: {
            items: components["schemas"]["OwnedBatch"][];
            next_cursor?: string | null;
        };
        /** @description Somebody's data set. */
        OwnedDataset: components["schemas"]["Dataset"] & {
            owner?: components["schemas"]["Owner"] | null;
        };
        /** @description One page of everybody's data sets, newest first. */
        OwnedDatasetPage: {
            items: components["schemas"]["OwnedDataset"][];
            next_cursor?: string | null;
        };
        /** @description Somebody's job. */
        OwnedJob: components["schemas"]["Job"] & {
            owner?: components["schemas"]["Owner"] | null;
        };
        /** @description One page of everybody's jobs, newest first. */
        OwnedJobPage: {
            items: components["schemas"]["OwnedJob"][];
            next_cursor?: string | null;
        };
        /** @description Somebody's model. */
        OwnedModel: components["schemas"]["ModelSummary"] & {
            owner?: components["schemas"]["Owner"] | null;
        };
        /** @description One page of everybody's models, newest first. */
        OwnedModelPage: {
            items: components["schemas"]["OwnedModel"][];
            next_cursor?: string | null;
        };
        /** @description Whose something is. */
        Owner: {
            /** Format: uuid */
            id: string;
            /** @description What pages call them. */
            name: string;
            /**
             * Format: int32
             * @description The small number people see.
             */
            number: number;
        };
        /** @description A parameter of an algorithm. */
        Param: {
            /** @description The allowed values in words. */
            allowed: string;
            /** @description The allowed words. */
            choices?: string[] | null;
            /** @description What it is unless set. */
            default: unknown;
            /** @description What it does. */
            doc: string;
            /** @description Whether a slider should move on a logarithmic scale. */
            log: boolean;
            /** @description Largest number. */
            max?: unknown;
            /** @description Smallest number. */
            min?: unknown;
            /** @example n_estimators */
            name: string;
            /** @description Whether null is allowed. */
            nullable: boolean;
            /** @description The tasks it applies to. */
            tasks: string[];
            /**
             * @description `integer`, `number`, `boolean` or `choice`; several with `|` between them.
             * @example integer
             */
            type: string;
        };
        /** @description What happened in a span of time. */
        Period: {
            /** Format: int64 */
            new_users: number;
            /** Format: int64 */
            predicted_rows: number;
            /**
             * Format: int64
             * @description Calls that were answered.
             */
            predictions: number;
            /**
             * Format: int64
             * @description What was not allowed.
             */
            refusals: number;
            /** Format: int64 */
            sign_ins: number;
            /** Format: date-time */
            since: string;
            /**
             * Format: int64
             * @description Tokens administrators gave.
             */
            tokens_granted: number;
            /**
             * Format: int64
             * @description Tokens given back for what failed.
             */
            tokens_refunded: number;
            /**
             * Format: int64
             * @description Tokens charged, refunds not subtracted.
             */
            tokens_spent: number;
            /** Format: int64 */
            trainings_failed: number;
            /** Format: int64 */
            trainings_ready: number;
        };
        /** @description A class a picture may show. */
        PictureAlternative: {
            /**
             * Format: double
             * @description How likely it is, 0 to 1.
             */
            confidence: number;
            value: unknown;
        };
        /** @description What a picture shows. */
        PictureAnswer: {
            /** @description The three likeliest classes, that one first. */
            alternatives: components["schemas"]["PictureAlternative"][];
            /**
             * Format: double
             * @description How likely it is, 0 to 1; null for a number.
             */
            confidence?: number | null;
            explanation?: components["schemas"]["PictureExplanation"] | null;
            /** @description What the model saw: a PNG in base64. */
            seen: string;
            /** @description The likeliest class, or the number. */
            value: unknown;
        };
        /** @description What the parts of a picture were worth to its answer: each was covered in turn. */
        PictureExplanation: {
            /**
             * @description Row by row from the top left, a number for each part: by how much the answered class becomes less probable, or the
             *     answered number smaller, when the part is covered. Below 0, the part spoke against the answer.
             */
            effects: number[][];
        };
        /**
         * @description A picture in JSON: a file, or strokes.
         * @example {
         *       "image": "iVBORw0KGgo="
         *     }
         */
        PictureInput: {
            drawing?: components["schemas"]["Drawing"] | null;
            /**
             * @description The bytes of a PNG, JPEG, GIF, WebP or BMP file in base64; a leading `data:…;base64,` is passed over.
             * @example iVBORw0KGgo=
             */
            image?: string | null;
        };
        /** @description What came of it. */
        PicturePrediction: {
            /**
             * Format: int64
             * @example 9
             */
            balance: number;
            /**
             * Format: int64
             * @description Tokens this request was charged.
             * @example 5
             */
            charged: number;
            /** Format: uuid */
            id: string;
            prediction: components["schemas"]["PictureAnswer"];
        };
        /** @description How columns make pictures. */
        Pictures: {
            /**
             * @description `ink` for something written or drawn, bright on black; `scene` for anything else. Ink unless said.
             * @example ink
             */
            content?: string | null;
            /**
             * @description Rows of pixels.
             * @example 8
             */
            height: number;
            /**
             * @description Moved copies to learn from beside each picture: `none`, `four` or `eight`. None unless said.
             * @example none
             */
            shifts?: string | null;
            /**
             * @description Pixels in each.
             * @example 8
             */
            width: number;
        };
        /**
         * @description What is done with a cell that is missing, of another kind, never seen or out of range.
         * @enum {string}
         */
        Policy: "reject" | "warn" | "impute";
        /** @description What a model is asked. */
        PredictBody: {
            /** @description Whether the reasons for each answer are wanted; of up to 100 rows. */
            explain?: boolean;
            /** @description Whether the probability of every class is wanted. */
            proba?: boolean;
            /**
             * @description 1 to 1,000 rows: objects by column name, or arrays in the signature's order. Values are numbers, texts, true,
             *     false or null.
             * @example [
             *       {
             *         "age": 30,
             *         "sex": "female"
             *       }
             *     ]
             */
            rows: Record<string, never>[];
            what_if?: components["schemas"]["WhatIf"] | null;
        };
        /** @description The answer for one row. */
        Prediction: {
            explanation?: components["schemas"]["Explanation"] | null;
            /** @description By class, where asked for. */
            probabilities?: {
                [key: string]: number;
            } | null;
            /** @description The class or the number. */
            value: unknown;
            /** @description What was odd about the row. */
            warnings: components["schemas"]["PredictionWarning"][];
            /** @description What it would be, where asked for. */
            what_if?: components["schemas"]["Curve"][] | null;
        };
        /** @description What came of it. */
        PredictionsBody: {
            /**
             * Format: int64
             * @example 9
             */
            balance: number;
            /**
             * Format: int64
             * @description Tokens this request was charged.
             * @example 5
             */
            charged: number;
            /** Format: uuid */
            id: string;
            /** @description One answer a row, in order. */
            predictions: components["schemas"]["Prediction"][];
        };
        /** @description What turned out to be true of one of them. */
        PredictionTruth: {
            /** Format: uuid */
            id: string;
            /** @description One value a row (null where it is not known), or the value alone of a prediction of one row. */
            truth: unknown;
        };
        /** @description Something odd about a cell; the row is answered all the same. */
        PredictionWarning: {
            /** @description `missing`, `unknown_category`, `out_of_range`, `wrong_type` or `unknown_column`. */
            code: string;
            column: string;
            detail: string;
        };
        /** @description Prices in tokens. */
        Prices: {
            /**
             * Format: int64
             * @description Each started 1,000 rows of a batch.
             * @example 5
             */
            batch: number;
            /**
             * Format: int64
             * @description A call of up to 1,000 predicted rows.
             * @example 5
             */
            predict: number;
            /**
             * Format: int64
             * @description A training.
             * @example 1
             */
            train: number;
            /**
             * Format: int64
             * @description A study, or a training that searches for parameters.
             * @example 1
             */
            tune: number;
        };
        /** @description A problem in JSON, as the reference describes it. */
        Problem: {
            /**
             * @description A stable name, for programs.
             * @example validation
             */
            code: string;
            /** @description What happened and what to do. */
            detail: string;
            /** @description Wrong fields, by JSON pointer into the request. */
            errors?: components["schemas"]["FieldProblem"][];
            /** @description The request, for whoever reads the log. */
            request_id: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description What kind of problem, for people. */
            title: string;
            /** @description A stable path, `/errors/<code>`. */
            type: string;
        };
        /** @description How far a job is. */
        Progress: {
            /** @description Who takes part in a training, baseline first. */
            contenders?: components["schemas"]["Contender"][];
            /**
             * Format: int32
             * @description Steps finished.
             */
            done?: number;
            /** @description What is happening. */
            message?: string | null;
            /**
             * Format: int32
             * @description Steps in all.
             */
            of?: number;
            /** @description `queued`, `reading`, `preparing`, `training`, `testing`, `predicting`, `saving` or `done`. */
            stage?: string;
        };
        /** @description What anybody may know about this server. */
        PublicSettings: {
            /**
             * @description Whom to ask for tokens or help; empty for nobody.
             * @example Ana, room 12
             */
            contact: string;
            limits: components["schemas"]["Limits"];
            prices: components["schemas"]["Prices"];
            registration_open: boolean;
            /** @example on */
            ui: string;
            /** @example 0.1.0 */
            version: string;
        };
        /** @description The form of the file; null where it is found by looking. */
        ReadingSettings: {
            /** @example , */
            decimal?: string | null;
            /** @example ; */
            delimiter?: string | null;
            /** @example windows-1252 */
            encoding?: string | null;
            header?: boolean | null;
            sheet?: string | null;
        };
        /** @description How much one column moved an answer. */
        Reason: {
            /** @example sex */
            column: string;
            /**
             * Format: double
             * @description Above 0: it speaks for the answer given, or for a larger number.
             */
            contribution: number;
            /** @description Its value in the row. */
            value: unknown;
        };
        /** @description What was asked once, and at what price. */
        Receipt: {
            /**
             * Format: int64
             * @description Tokens it cost.
             */
            charged: number;
            /** Format: date-time */
            created_at: string;
            /**
             * @description `api`, `guest` or `v2`.
             * @example api
             */
            door: string;
            /** @description The answer to the first row, where it was kept. */
            first_value?: unknown;
            /** Format: uuid */
            id: string;
            /** @description A digest of what was asked; the rows themselves are not kept. */
            input: string;
            /**
             * Format: uuid
             * @description By which model; it may be gone.
             */
            model_id: string;
            /**
             * Format: int32
             * @description How many rows.
             */
            rows: number;
            /**
             * Format: date-time
             * @description When it was said what turned out to be true.
             */
            truth_at?: string | null;
        };
        /** @description A receipt with its answer. */
        ReceiptDetail: components["schemas"]["Receipt"] & {
            /** @description One answer a row, where it was short enough to be kept. */
            predictions?: components["schemas"]["Prediction"][] | null;
            /** @description What turned out to be true, one value a row. */
            truth?: unknown[] | null;
        };
        /** @description One page of receipts, newest first. */
        ReceiptPage: {
            items: components["schemas"]["Receipt"][];
            next_cursor?: string | null;
        };
        /** @description The refresh token; the web app's is in its cookie. */
        RefreshRequest: {
            refresh_token?: string | null;
        };
        /** @description A new account: a user name, an e-mail address, or both. */
        RegisterRequest: {
            display_name?: string | null;
            email?: string | null;
            /** @description At least 8 characters. */
            password: string;
            user_name?: string | null;
        };
        /** @description The new name. */
        Rename: {
            /** @description 1 to 200 characters. */
            name: string;
        };
        /** @description What was in the link an administrator handed out, and the new password. */
        ResetRequest: {
            /** @description At least 8 characters. */
            new_password: string;
            token: string;
        };
        /** @description Some rows. */
        Rows: {
            columns: components["schemas"]["Column"][];
            /** @description Rows of the whole data set. */
            dataset_rows: number;
            /** @description Where each of them stands in the data set, from 0. */
            positions: number[];
            /** @description Cells: a number, a text, or null when it is missing. */
            rows: unknown[][];
            /** @description Rows that were asked for, on all pages. */
            total: number;
        };
        /** @description A sample. */
        Sample: {
            /** Format: int32 */
            columns: number;
            description: string;
            /** @example titanic */
            name: string;
            /** Format: int32 */
            rows: number;
            /** @description Where it comes from, and under which licence. */
            source: string;
            target: string;
            /** @description `classification` or `regression`. */
            task: string;
            title: string;
        };
        /** @description Every sample. */
        SampleList: {
            items: components["schemas"]["Sample"][];
        };
        /** @description What the model is called. */
        SaveStudy: {
            /** @description The study's name unless said. A name that exists gets another version. */
            name?: string | null;
        };
        /** @description What is to be read differently. What is left out stays; null goes back to looking at the file. */
        SchemaChange: {
            /** @description What stands before the fraction of a number: `.` or `,`. */
            decimal?: string | null;
            /** @description What separates cells: `,`, `;`, `|` or `tab`. */
            delimiter?: string | null;
            /** @description `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`. */
            encoding?: string | null;
            /** @description Whether the first line names the columns: `true` or `false`. */
            header?: boolean | null;
            /**
             * @description Kinds by column: `integer`, `number`, `boolean`, `date`, `category`, `text` or `identifier`; null for what the
             *     values suggest.
             */
            kinds?: {
                [key: string]: string | null;
            };
            /** @description Which sheet of a workbook. */
            sheet?: string | null;
        };
        /** @description A search for parameters. */
        Search: {
            /** @description Folds that judge each setting, 2 to 20; 3 unless said. */
            folds?: number | null;
            /**
             * @description `grid`, `random` or `bayesian`; bayesian unless said.
             * @example bayesian
             */
            method?: string | null;
            /** @description Whether settings that fall behind after the first folds are given up; unless said they are. */
            pruning?: boolean | null;
            /**
             * Format: double
             * @description Seconds after which no more is tried.
             */
            seconds?: number | null;
            /** @description Parameters and what they may be: a list of values, or `{"low", "high", "log", "steps"}`; the usual ones unless said. */
            space?: Record<string, never> | null;
            /** @description Settings to try, 1 to 10,000; 40 unless said. A grid tries all it has. */
            trials?: number | null;
        };
        /** @description What was decided when the server was started. */
        ServerFacts: {
            /** @description Processor cores it trains on. */
            cores: number;
            /**
             * @description What keeps its records: `sqlite` or `postgresql`.
             * @example sqlite
             */
            engine: string;
            /** @description Where its files are. */
            kept_in: string;
            /**
             * Format: int64
             * @description Bytes of memory that a training may take.
             */
            memory_bytes: number;
        };
        /** @description Whether it lives. */
        ServerLive: {
            live: boolean;
        };
        /** @description What this server is. */
        ServerMetadata: {
            /** @description None of the protocol's extensions. */
            extensions: string[];
            /** @example trainyard */
            name: string;
            /** @example 0.1.0 */
            version: string;
        };
        /** @description Whether it answers. */
        ServerReady: {
            ready: boolean;
        };
        /** @description A session. In the web app's, both tokens are null: they are in cookies no script can read. */
        SessionBody: {
            /** @description For `Authorization: Bearer …`. */
            access_token?: string | null;
            /**
             * Format: int64
             * @description Seconds the access token lives.
             * @example 1800
             */
            expires_in: number;
            /** @description Good once, at `/auth/refresh`. */
            refresh_token?: string | null;
            /** @example bearer */
            token_type: string;
            user: components["schemas"]["User"];
        };
        /** @description A setting. */
        Setting: {
            /** @description What it is unless somebody changes it. */
            default: unknown;
            /** @description What it does. */
            doc: string;
            /** @example price_predict */
            key: string;
            /**
             * @description `integer`, `boolean` or `text`.
             * @example integer
             */
            kind: string;
            /**
             * Format: int64
             * @description The largest whole number it may be.
             */
            max?: number | null;
            /**
             * Format: int64
             * @description The smallest whole number it may be.
             */
            min?: number | null;
            /** @description Whether anybody may read it without signing in. */
            public: boolean;
            value: unknown;
        };
        /** @description One setting of all. */
        SettingRow: {
            /** @description Its name; parameters begin with `params.`. */
            setting: string;
            values: Record<string, never>[];
        };
        /** @description Every setting. */
        SettingsBody: {
            items: components["schemas"]["Setting"][];
            server: components["schemas"]["ServerFacts"];
        };
        /** @description Who runs the place, and how it begins. */
        SetupRequest: {
            display_name?: string | null;
            /** @example ana@example.com */
            email: string;
            /** @description At least 8 characters. */
            password: string;
            /** @description Whether people may make accounts themselves; true unless said. */
            registration_open?: boolean | null;
            /**
             * Format: int64
             * @description Tokens of a new account; 15 unless said.
             */
            starting_tokens?: number | null;
        };
        /** @description Whether the first administrator is still to be made. */
        SetupState: {
            needed: boolean;
            /** @description Whether people may make accounts themselves. */
            registration_open: boolean;
        };
        /** @description How far one column has moved. */
        Shift: {
            /** @description The share of each bin in this period. */
            actual: number[];
            /** @description The bins, in words. */
            bins: string[];
            /** @example age */
            column: string;
            /** @description The share of each bin when the model was made. */
            expected: number[];
            /**
             * @description `stable` (below 0.1), `moderate`, `major` (above 0.25), or `few_rows` (below 100 rows).
             * @example stable
             */
            level: string;
            /**
             * Format: double
             * @description The population stability index.
             * @example 0.07
             */
            psi: number;
        };
        /** @description Models side by side. Every list has one entry a model, in the order asked for. */
        SideBySide: {
            /** @description The settings that are not the same for all. */
            differences: components["schemas"]["SettingRow"][];
            metrics: components["schemas"]["MetricRow"][];
            models: components["schemas"]["ModelSummary"][];
            /** @description What to know before believing a difference. */
            notes: string[];
            /** @description ROC curves of each, to be drawn over each other; null for those without. */
            roc: Record<string, never>[];
        };
        /** @description One column a model is asked with. */
        SignatureField: {
            /** @description `integer`, `number`, `boolean`, `date`, `category`, `text` or `identifier`. */
            kind: string;
            name: string;
            /**
             * Format: double
             * @description The 5th percentile.
             */
            p5?: number | null;
            /**
             * Format: double
             * @description The 95th percentile.
             */
            p95?: number | null;
            /** @description Smallest and largest value seen; dates in seconds since 1970 UTC. */
            range?: number[] | null;
            /** @description Whether a row without it is refused. */
            required: boolean;
            /** @description The median or most frequent value. */
            typical: unknown;
            /** @description The values seen, most frequent first. */
            values?: string[] | null;
        };
        /** @description What an account spent. */
        Spender: {
            /**
             * Format: int64
             * @description Tokens charged, refunds not subtracted.
             */
            tokens: number;
            user?: components["schemas"]["Owner"] | null;
            /** Format: uuid */
            user_id: string;
        };
        /** @description How rows are divided into training and test, and into folds. */
        Split: {
            /** @description The column that is asked; not for `random`. */
            column?: string | null;
            /**
             * @description `random` (every class has its share in both parts), `group` (all rows with one value of a column stay on one side) or
             *     `time` (the latest rows are the test; folds walk forward).
             * @example random
             */
            kind: string;
        };
        /** @description How much the place is used. */
        Statistics: {
            /** @description The last seven times 24 hours. */
            last_7_days: components["schemas"]["Period"];
            /** @description The last thirty times 24 hours. */
            last_30_days: components["schemas"]["Period"];
            now: components["schemas"]["Stock"];
            /** @description Since midnight, UTC. */
            today: components["schemas"]["Period"];
        };
        /** @description What there is now. */
        Stock: {
            /** Format: int64 */
            active_users: number;
            /** Format: int64 */
            datasets: number;
            /**
             * Format: int64
             * @description Jobs that a worker holds.
             */
            jobs_running: number;
            /**
             * Format: int64
             * @description Jobs that no worker has taken up yet.
             */
            jobs_waiting: number;
            /** Format: int64 */
            models: number;
            /**
             * Format: int64
             * @description For how long the one that waits longest does; null when none waits.
             */
            oldest_waiting_seconds?: number | null;
            /**
             * Format: int64
             * @description Bytes of files, each counted once however many need it.
             */
            storage_bytes: number;
            /**
             * Format: int64
             * @description Tokens all accounts have together.
             */
            tokens: number;
            /** Format: int64 */
            users: number;
            /**
             * Format: int64
             * @description Accounts that are switched on and have no tokens left.
             */
            users_without_tokens: number;
        };
        /** @description What an account's data sets and models take. */
        Storage: {
            /**
             * Format: int64
             * @description Bytes allowed; null is no limit.
             */
            limit?: number | null;
            /**
             * Format: int64
             * @description Bytes taken; what several of your things share counts once.
             */
            used: number;
        };
        /** @description A study. */
        Study: {
            /** @example random_forest */
            algorithm: string;
            best?: components["schemas"]["BestTrial"] | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            dataset_id?: string | null;
            dataset_name: string;
            error?: components["schemas"]["Failure"] | null;
            /** Format: date-time */
            finished_at?: string | null;
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description The job that tries.
             */
            job_id?: string | null;
            /**
             * @description `grid`, `random` or `bayesian`.
             * @example bayesian
             */
            method: string;
            /** @description What decides, once known. */
            metric?: string | null;
            /**
             * Format: uuid
             * @description The model it was saved as, while that exists.
             */
            model_id?: string | null;
            /**
             * @description What its best will be called.
             * @example titanic
             */
            name: string;
            /**
             * Format: int32
             * @description The small number people see.
             */
            number: number;
            /** @description The whole request, as the trainer read it. */
            request: Record<string, never>;
            /**
             * @description `queued`, `running`, `done` (its best waits to be saved), `saved`, `reverted`, `failed` or `cancelled`.
             * @example done
             */
            status: string;
            /** @description Why no more was tried: `all_trials`, `exhausted`, `out_of_budget` or `enough` (it was stopped). */
            stopped?: string | null;
            /** @description The predicted column. */
            target: string;
            /**
             * Format: int32
             * @description Settings tried so far.
             */
            trials: number;
            /** @description How good the best is on rows it had never seen, in a sentence; while it waits to be saved. */
            verdict?: string | null;
        };
        /** @description An accepted study. */
        StudyAccepted: components["schemas"]["Study"] & {
            /**
             * Format: int64
             * @example 14
             */
            balance: number;
            /**
             * Format: int64
             * @description Tokens charged; given back when it finds nothing.
             * @example 1
             */
            charged: number;
        };
        /** @description One page of studies, newest first. */
        StudyPage: {
            items: components["schemas"]["Study"][];
            next_cursor?: string | null;
        };
        /** @description What a tensor is. */
        TensorMetadata: {
            /** @example FP64 */
            datatype: string;
            /** @example age */
            name: string;
            /**
             * @description One entry a dimension; -1 is any number of rows.
             * @example [
             *       -1
             *     ]
             */
            shape: number[];
        };
        /** @description A balance and how it came about. */
        TokensBody: {
            /**
             * Format: int64
             * @example 15
             */
            balance: number;
            entries: components["schemas"]["EntryPage"];
            prices: components["schemas"]["Prices"];
        };
        /** @description An accepted training. */
        TrainAccepted: {
            /**
             * Format: int64
             * @example 14
             */
            balance: number;
            /**
             * Format: int64
             * @description Tokens charged; given back when the training fails.
             * @example 1
             */
            charged: number;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            job_id: string;
            name: string;
            /** Format: int32 */
            number: number;
            /** @example queued */
            status: string;
            /** Format: int32 */
            version: number;
        };
        /** @description What to train. Only the data set and the target have to be said. */
        TrainBody: {
            /**
             * @description An algorithm's name, or `auto` to race those that fit the task; auto unless said.
             * @example random_forest
             */
            algorithm?: string | null;
            budget?: components["schemas"]["Budget"] | null;
            /** Format: uuid */
            dataset_id: string;
            /** @description How long a race looks: `quick`, `balanced` or `thorough`; balanced unless said. */
            effort?: string | null;
            /** @description The columns to learn from; all but the target unless said. */
            features?: string[] | null;
            /** @description Folds of an additional cross-validation, 2 to 20; 0 for none. */
            folds?: number | null;
            /**
             * @description What decides a race: `accuracy`, `balanced_accuracy`, `f1`, `recall`, `precision`, `log_loss`, `roc_auc`, `r2`,
             *     `rmse`, `mae` and those the report names.
             */
            metric?: string | null;
            /** @description The model's name; the data set's unless said. A name that exists gets another version. */
            name?: string | null;
            /** @description The algorithm's parameters by name; see `/algorithms`. */
            params?: Record<string, never> | null;
            pictures?: components["schemas"]["Pictures"] | null;
            /** @description The class that precision and recall speak of, where there are two. */
            positive_class?: string | null;
            search?: components["schemas"]["Search"] | null;
            /**
             * Format: int64
             * @description All randomness derives from this; 42 unless said.
             */
            seed?: number | null;
            split?: components["schemas"]["Split"] | null;
            /**
             * @description The column to predict.
             * @example survived
             */
            target: string;
            /**
             * @description `auto`, `classification` or `regression`; auto unless said.
             * @example auto
             */
            task?: string | null;
            /**
             * Format: double
             * @description The share of rows held out for the test, 0.05 to 0.5; 0.2 unless said.
             */
            test_size?: number | null;
            /**
             * @description The column that says how much each row counts while learning: numbers of at least 0. It is no feature, and test
             *     rows count once each. (How much classes count is the parameter `class_weight` of an algorithm.)
             */
            weights?: string | null;
        };
        /** @description A setting and what became of it. */
        Trial: components["schemas"]["TriedBody"] & {
            /**
             * Format: int32
             * @description From 0, in the order tried.
             */
            number: number;
        };
        /** @description One page of trials, in the order tried. */
        TrialPage: {
            items: components["schemas"]["Trial"][];
            next_cursor?: string | null;
        };
        /** @description What became of a setting. */
        TriedBody: {
            /** @description Why it could not be fitted or judged. */
            error?: string | null;
            /** @description What was tried, beside the parameters that are fixed; empty for the defaults. */
            params: Record<string, never>;
            /** @description Whether it was given up before the last fold. */
            pruned: boolean;
            /**
             * Format: double
             * @description Mean of the metric over the folds that were judged.
             */
            score?: number | null;
            /** Format: double */
            seconds: number;
            /**
             * Format: double
             * @description Standard deviation over the folds.
             */
            std?: number | null;
            /** @description The metric fold by fold. */
            values: number[];
        };
        /** @description What turned out to be true of one prediction. */
        TruthBody: {
            /** @description One value a row (null where it is not known), or the value alone of a prediction of one row. */
            truth: unknown;
        };
        /** @description What turned out to be true of many predictions. */
        TruthsBody: {
            /** @description 1 to 1,000 of them; all are noted, or when one does not fit none. */
            truths: components["schemas"]["PredictionTruth"][];
        };
        /** @description An account. */
        User: {
            /** Format: date-time */
            created_at: string;
            display_name: string;
            email?: string | null;
            /** Format: uuid */
            id: string;
            /**
             * Format: int32
             * @description The small number people see.
             */
            number: number;
            /**
             * @description `admin`, `data-scientist`, `ml-engineer`, `analyst`, `user` or `guest`.
             * @example user
             */
            role: string;
            /**
             * Format: int64
             * @description The balance.
             */
            tokens: number;
            user_name?: string | null;
        };
        /** @description An output that is wanted. */
        WantedOutput: {
            /** @example prediction */
            name: string;
        };
        /**
         * @description How somebody gets a new password.
         * @enum {string}
         */
        Way: "generate" | "link";
        /** @description Which columns are varied, and at how many values. */
        WhatIf: {
            /** @description The columns; all that the model looks at (at most 50) unless named. */
            columns?: string[] | null;
            /**
             * @description Values tried of each.
             * @default 21
             */
            points: number;
        };
    };
    responses: {
        /** @description `bad_request`: The request is not well-formed: broken JSON, a bad header or query. */
        Problem400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `unauthenticated`: No session or token, or it has ended.
         *
         *     `wrong_credentials`: Name and password do not belong together.
         */
        Problem401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `insufficient_tokens`: The balance does not cover the price; see `needed` and `balance`. */
        Problem402: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `forbidden`: The role does not allow it, or it is switched off.
         *
         *     `csrf`: A page of another site sent it.
         */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not_found`: There is none, or none that you may see. */
        Problem404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `method_not_allowed`: The address exists, but not for this method; see `Allow`. */
        Problem405: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `timeout`: The request's body did not arrive in time. */
        Problem408: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `conflict`: It collides with something that exists; see `field`.
         *
         *     `not_ready`: The data set or model cannot be used yet.
         *
         *     `quota_exceeded`: Your data sets and models take all the room you may have; see `used` and `limit`.
         */
        Problem409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `precondition_failed`: It is no longer the version that `If-Match` names; read it again. */
        Problem412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `payload_too_large`: The body is larger than allowed; see `limit`. */
        Problem413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported_media_type`: The body is not of a type that is read here. */
        Problem415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `validation`: Fields are wrong; `errors` names each.
         *
         *     `idempotency_key_reused`: The `Idempotency-Key` was used for another request; a new request needs a new key.
         *
         *     `unreadable_file`: The file is no table, or no model file, that can be read; see `reason`.
         *
         *     `unreadable_picture`: The file is no picture, or one that shows nothing; see `reason`.
         */
        Problem422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `too_many_requests`: Too much at once; see `Retry-After`. */
        Problem429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal`: Something went wrong on our side. */
        Problem500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unavailable`: It cannot be done right now. */
        Problem503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    audit_events: {
        parameters: {
            query?: {
                /** @description Only this action, such as `model.train`. */
                action?: string;
                /** @description Only by this account. */
                actor?: string;
                /** @description Only from this network address. */
                address?: string;
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description From this moment on, as 2026-11-22T10:00:00Z. */
                from?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only `ok`, `refused` or `failed`. */
                outcome?: string;
                /** @description Only of this request. */
                request_id?: string;
                /** @description Words in names, actions, subjects, addresses, programs or details. */
                search?: string;
                /** @description Only about this thing. */
                subject_id?: string;
                /** @description Only about things of this kind, such as `model`. */
                subject_kind?: string;
                /** @description Before this moment. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    export_audit: {
        parameters: {
            query?: {
                /** @description Only this action, such as `model.train`. */
                action?: string;
                /** @description Only by this account. */
                actor?: string;
                /** @description Only from this network address. */
                address?: string;
                /** @description From this moment on, as 2026-11-22T10:00:00Z. */
                from?: string;
                /** @description Only `ok`, `refused` or `failed`. */
                outcome?: string;
                /** @description Only of this request. */
                request_id?: string;
                /** @description Words in names, actions, subjects, addresses, programs or details. */
                search?: string;
                /** @description Only about this thing. */
                subject_id?: string;
                /** @description Only about things of this kind, such as `model`. */
                subject_kind?: string;
                /** @description Before this moment. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    verify_audit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditChain"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    all_batches: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only this account's. */
                owner_id?: string;
                /** @description Only `queued`, `running`, `done`, `failed` or `cancelled` ones. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnedBatchPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_anybodys_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The batch */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    all_datasets: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only this account's. */
                owner_id?: string;
                /** @description Words in the name or the file's name. */
                search?: string;
                /** @description Only `profiling`, `ready` or `failed` ones. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnedDatasetPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_anybodys_dataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The data set */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    choose_digits: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of `GET /digits`: 412 when another was chosen since */
                "If-Match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DigitChoice"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description Which model answers, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DigitsStatus"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    digit_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DigitModelsBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    train_digits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DigitTraining"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DigitModel"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    all_jobs: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description Only `profile` or `train` jobs. */
                kind?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only this account's. */
                owner_id?: string;
                /** @description Only `queued`, `running`, `done`, `failed` or `cancelled` ones. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnedJobPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    cancel_anybodys_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    all_models: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only this account's. */
                owner_id?: string;
                /** @description Words in the name. */
                search?: string;
                /** @description Only `queued`, `training`, `ready`, `failed` or `cancelled` ones. */
                status?: string;
                /** @description Only `private`, `signed-in` or `guest` ones. */
                visibility?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnedModelPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_anybodys_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    change_settings: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you saw: 412 when it changed since */
                "If-Match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "price_predict": 5,
                 *       "registration_open": false
                 *     }
                 */
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    statistics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statistics"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    daily_use: {
        parameters: {
            query?: {
                /** @description How many, today among them: 1 to 366; 30 unless said. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DailyUse"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    users: {
        parameters: {
            query?: {
                /** @description Only switched on, or only switched off. */
                active?: boolean;
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only balances from here. */
                min_tokens?: number;
                /** @description Only `admin`, `data-scientist`, `ml-engineer`, `analyst`, `user` or `guest`. */
                role?: string;
                /** @description Words in the user name, address or display name. */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAccountRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeAccountBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    change_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you saw: 412 when it changed since */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The account */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAccount"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    new_password: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasswordRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewPasswordBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    movements: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The account */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    grant_tokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description Moves the same tokens once */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The account */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GrantRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    algorithms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlgorithmList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBody"];
                };
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    batches: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only by this model. */
                model_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The batch's identifier */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The batch's identifier */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    cancel_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The batch's identifier */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    batch_result: {
        parameters: {
            query?: {
                /** @description Whether they come as a zip archive of the one file. */
                zip?: boolean;
            };
            header?: never;
            path: {
                /** @description The batch's identifier */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apache.parquet": number[];
                    "application/zip": number[];
                    "text/csv": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    compare_train: {
        parameters: {
            query?: never;
            header?: {
                /** @description Charges the same request once */
                "Idempotency-Key"?: string | null;
                /** @description `wait=N`: wait up to N ≤ 60 seconds */
                Prefer?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompareTrainBody"];
            };
        };
        responses: {
            /** @description Done in time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompareAccepted"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    comparison: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job that was answered when it was asked for */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    datasets: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Words in the name or file name. */
                search?: string;
                /** @description `newest`, `oldest`, `name`, `rows` (most first) or `size` (largest first); `newest` unless said. */
                sort?: string;
                /** @description Only `profiling`, `ready` or `failed` ones. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    upload: {
        parameters: {
            query?: {
                /** @description What stands before the fraction of a number: `.` or `,`. */
                decimal?: string;
                /** @description What separates cells: `,`, `;`, `|` or `tab`. */
                delimiter?: string;
                /** @description `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`. */
                encoding?: string;
                /** @description Helps to recognise the format. */
                file_name?: string;
                /** @description Whether the first line names the columns: `true` or `false`. */
                header?: string;
                /** @description The data set's name; the file's name without its ending unless said. */
                name?: string;
                /** @description Which sheet of a workbook; the first with data unless said. */
                sheet?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            /** @description Read in time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    dataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The data set */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_dataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The data set */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rename_dataset: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you saw: 412 when it changed since */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The data set */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rename"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    profile: {
        parameters: {
            query?: {
                /** @description With it, each column says how strongly it goes together with this one. */
                target?: string;
            };
            header?: never;
            path: {
                /** @description The data set */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rows: {
        parameters: {
            query?: {
                /** @description The column that is filtered. */
                column?: string;
                /** @description How many, at most 500; 50 unless said. */
                limit?: number;
                /** @description How many to pass over. */
                offset?: number;
                /**
                 * @description `equals`, `contains` (texts, capitals or not), `at_least`, `at_most` (numbers and dates), `missing` or
                 *     `not_missing`.
                 */
                operator?: string;
                /** @description `asc` or `desc`; `asc` unless said. */
                order?: string;
                /** @description The column that they are sorted by; missing cells come last. */
                sort?: string;
                /** @description What cells are compared with; a day such as `2024-02-29` is the whole day. */
                value?: string;
            };
            header?: never;
            path: {
                /** @description The data set */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rows"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    dataset_schema: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The data set */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetSchema"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    change_dataset_schema: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The data set */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SchemaChange"];
            };
        };
        responses: {
            /** @description Read in time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    preview: {
        parameters: {
            query?: {
                /** @description What stands before the fraction of a number: `.` or `,`. */
                decimal?: string;
                /** @description What separates cells: `,`, `;`, `|` or `tab`. */
                delimiter?: string;
                /** @description `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`. */
                encoding?: string;
                /** @description Helps to recognise the format. */
                file_name?: string;
                /** @description Whether the first line names the columns: `true` or `false`. */
                header?: string;
                /** @description `begin`, or `end` for the last bytes of a Parquet file of any size; `begin` unless said. */
                part?: string;
                /** @description Which sheet of a workbook; the first with data unless said. */
                sheet?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    digits_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Which model answers, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DigitsStatus"];
                };
            };
            400: components["responses"]["Problem400"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    guest_read_digit: {
        parameters: {
            query?: {
                /** @description Whether the parts that mattered are wanted. */
                explain?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Or the bytes of a file, as the body or as the part `file` of a form */
        requestBody: {
            content: {
                "application/json": components["schemas"]["PictureInput"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuestPicturePrediction"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    read_digit: {
        parameters: {
            query?: {
                /** @description Whether the parts that mattered are wanted. */
                explain?: boolean;
            };
            header?: {
                /** @description Charges the same request once */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        /** @description Or the bytes of a file, as the body or as the part `file` of a form */
        requestBody: {
            content: {
                "application/json": components["schemas"]["PictureInput"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PicturePrediction"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    guest_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The link's last part */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuestModel"];
                };
            };
            400: components["responses"]["Problem400"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    guest_predict_picture: {
        parameters: {
            query?: {
                /** @description Whether the parts that mattered are wanted. */
                explain?: boolean;
            };
            header?: never;
            path: {
                /** @description The link's last part */
                slug: string;
            };
            cookie?: never;
        };
        /** @description Or the bytes of a file, as the body or as the part `file` of a form */
        requestBody: {
            content: {
                "application/json": components["schemas"]["PictureInput"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuestPicturePrediction"];
                };
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    guest_predict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The link's last part */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GuestPredictBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuestPredictionsBody"];
                };
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    jobs: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only `queued`, `running`, `done`, `failed` or `cancelled` ones. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    cancel_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    job_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["JobEvent"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    stop_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteMe"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    change_me: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you saw: 412 when it changed since */
                "If-Match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeMe"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    my_api_keys: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    make_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKeyRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeKeyBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    end_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The key */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    change_my_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    storage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Storage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    my_tokens: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    models: {
        parameters: {
            query?: {
                /** @description Only of this algorithm, by its name in `GET /algorithms`. */
                algorithm?: string;
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description Only trained on this data set. */
                dataset_id?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only versions of exactly this name. */
                name?: string;
                /** @description Words in the name. */
                search?: string;
                /** @description Only `queued`, `training`, `ready`, `failed` or `cancelled` ones. */
                status?: string;
                /** @description Only filed under this tag. */
                tag?: string;
                /** @description Only `classification` or `regression`. */
                task?: string;
                /** @description `mine`, or what others share with everybody who has an account: `shared`; `mine` unless said. */
                whose?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    train: {
        parameters: {
            query?: {
                /** @description `true`: checks the request and answers what it would take and cost (200); nothing is charged or stored. */
                dry_run?: boolean;
            };
            header?: {
                /** @description Charges the same request once */
                "Idempotency-Key"?: string | null;
                /** @description `wait=N`: wait up to N ≤ 60 seconds */
                Prefer?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrainBody"];
            };
        };
        responses: {
            /** @description Done in time, or a dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelOrEstimate"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrainAccepted"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_models: {
        parameters: {
            query?: {
                /** @description `true`, or nothing is deleted. */
                confirm?: boolean;
                /** @description Identifiers, apart by commas; at most 200. */
                ids?: string;
                /** @description All versions of this name. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, its name (the latest version that is ready), `name@3` (that version) or `name@champion` (the version an alias points to) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    change_model: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you saw: 412 when it changed since */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The model */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeModel"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    model_accuracy: {
        parameters: {
            query?: {
                /** @description From this moment on, as 2026-11-22T10:00:00Z; thirty periods before the end unless said. */
                from?: string;
                /** @description How long a period is: `hour`, `day` or `week`; `day` unless said. */
                interval?: string;
                /** @description Before this moment; now unless said. */
                until?: string;
            };
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accuracy"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    aliases: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A model's identifier or its name */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AliasList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    point_alias: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A word such as `champion`; no number */
                alias: string;
                /** @description The model's identifier, `name@3`, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    remove_alias: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The alias */
                alias: string;
                /** @description A model's identifier or its name */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    predict_file: {
        parameters: {
            query?: {
                /** @description Helps to recognise the format, and names the answers. */
                file_name?: string;
                /** @description How answers are written: `csv` or `parquet`; `csv` unless said. */
                format?: string;
                /** @description Whether the probability of every class is wanted. */
                proba?: boolean;
                /** @description Which sheet of a workbook; the first with data unless said. */
                sheet?: string;
            };
            header?: {
                /** @description Charges the same request once */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            /** @description Answered in time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedBatch"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedBatch"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    calibration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    certificate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    confusion_matrix: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    cell_rows: {
        parameters: {
            query?: {
                /** @description The class the rows are of. */
                actual?: string;
                /** @description How many, at most 500; 50 unless said. */
                limit?: number;
                /** @description How many to pass over. */
                offset?: number;
                /** @description The class they were taken for. */
                predicted?: string;
            };
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rows"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    contenders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    model_contract: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contract"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    change_model_contract: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of what you saw: 412 when it changed since */
                "If-Match"?: string | null;
            };
            path: {
                /** @description The model's identifier */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContractChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description Its version, for `If-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contract"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    model_drift: {
        parameters: {
            query?: {
                /** @description From this moment on, as 2026-11-22T10:00:00Z; thirty periods before the end unless said. */
                from?: string;
                /** @description How long a period is: `hour`, `day` or `week`; `day` unless said. */
                interval?: string;
                /** @description Before this moment; now unless said. */
                until?: string;
            };
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drift"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    export_model: {
        parameters: {
            query?: {
                /**
                 * @description `trainyard`: our own, to be brought to another server or asked on the command line; `onnx`: for other programs.
                 *     `trainyard` unless said.
                 */
                format?: string;
            };
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    importance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    learning_curve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    begin_learning_curve: {
        parameters: {
            query?: never;
            header?: {
                /** @description Charges the same request once */
                "Idempotency-Key"?: string | null;
                /** @description `wait=N`: wait up to N ≤ 60 seconds */
                Prefer?: string | null;
            };
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done in time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckAccepted"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    lineage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lineage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    model_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    partial_dependence: {
        parameters: {
            query?: {
                /** @description A column that the model uses. */
                column?: string;
                /** @description How many values to try, 2 to 200; 30 unless said. */
                points?: number;
            };
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    predict_picture: {
        parameters: {
            query?: {
                /** @description Whether the parts that mattered are wanted. */
                explain?: boolean;
            };
            header?: {
                /** @description Charges the same request once */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        /** @description Or the bytes of a file, as the body or as the part `file` of a form */
        requestBody: {
            content: {
                "application/json": components["schemas"]["PictureInput"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PicturePrediction"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    pr_curve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    predict: {
        parameters: {
            query?: {
                /** @description Whether the reasons for each answer are wanted (of rows that come as a file). */
                explain?: boolean;
                /** @description Whether the probability of every class is wanted (of rows that come as a file). */
                proba?: boolean;
            };
            header?: {
                /** @description Charges the same request once */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PredictBody"];
                "application/vnd.apache.parquet": number[];
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": number[];
                "application/x-ndjson": string;
                "text/csv": string;
                "text/tab-separated-values": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictionsBody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    report: {
        parameters: {
            query?: {
                /** @description `json`, or `html`: one file to keep, send and print; json unless said. */
                format?: string;
            };
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/html": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    residuals: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    retraining: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    begin_retraining: {
        parameters: {
            query?: never;
            header?: {
                /** @description Charges the same request once */
                "Idempotency-Key"?: string | null;
                /** @description `wait=N`: wait up to N ≤ 60 seconds */
                Prefer?: string | null;
            };
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done in time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckAccepted"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    roc_curve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    self_tests: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    begin_self_tests: {
        parameters: {
            query?: never;
            header?: {
                /** @description Charges the same request once */
                "Idempotency-Key"?: string | null;
                /** @description `wait=N`: wait up to N ≤ 60 seconds */
                Prefer?: string | null;
            };
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done in time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckAccepted"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    threshold_sweep: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    training_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    model_tree: {
        parameters: {
            query?: {
                /** @description Questions one after the other, 1 to 8; 4 unless said. */
                depth?: number;
                /** @description Which of the model's trees, from 0; the first unless said. */
                tree?: number;
            };
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    compare: {
        parameters: {
            query?: {
                /** @description 2 to 4 identifiers, or names as elsewhere, apart by commas. */
                ids?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SideBySide"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    import_model: {
        parameters: {
            query?: {
                /** @description The model's name; its target's unless said. A name that exists gets another version. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    predictions: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description Only through this door: `api`, `guest` or `v2`. */
                door?: string;
                /** @description From this moment on, as 2026-11-22T10:00:00Z. */
                from?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Only by this model. */
                model_id?: string;
                /** @description Before this moment. */
                until?: string;
                /** @description Only those whose truth is known, or only the others. */
                with_truth?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    prediction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The prediction's identifier */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    tell_truth: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The prediction's identifier */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TruthBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    tell_truths: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TruthsBody"];
            };
        };
        responses: {
            /** @description All are noted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    samples: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SampleList"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    take_sample: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The sample */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read in time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    public: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicSettings"];
                };
            };
            400: components["responses"]["Problem400"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    setup_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupState"];
                };
            };
            400: components["responses"]["Problem400"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    set_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionBody"];
                };
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    studies: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
                /** @description Words in the name. */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StudyPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    begin_study: {
        parameters: {
            query?: never;
            header?: {
                /** @description Charges the same request once */
                "Idempotency-Key"?: string | null;
                /** @description `wait=N`: wait up to N ≤ 60 seconds */
                Prefer?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginStudy"];
            };
        };
        responses: {
            /** @description Done in time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Study"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StudyAccepted"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    study: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The study */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Study"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_study: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The study */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    revert_study: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The study */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Study"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    save_study: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The study */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveStudy"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    stop_study: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The study */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Study"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    trials: {
        parameters: {
            query?: {
                /** @description The previous page's `next_cursor`. */
                cursor?: string;
                /** @description How many, 1 to 200; 50 unless said. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The study */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["Problem400"];
            500: components["responses"]["Problem500"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["Problem400"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    v2_server: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerMetadata"];
                };
            };
            400: components["responses"]["Problem400"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    v2_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerLive"];
                };
            };
            400: components["responses"]["Problem400"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    v2_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerReady"];
                };
            };
            400: components["responses"]["Problem400"];
            408: components["responses"]["Problem408"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    v2_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelMetadata"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    v2_infer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Charges the same request once */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InferRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferResponse"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            402: components["responses"]["Problem402"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    v2_model_ready: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's identifier, or its name for the latest version that is ready */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelReady"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
}
