//! `authentication-mismatch`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "credentials do not match `authenticationType`",
    what: "`userPassword` requires `username` and `password`; `okta` requires an object `okta`. The document has \
           the wrong credentials, both kinds, or none.",
    why: "The documentation shows each type with its own credentials only. How the API handles others is not \
          documented.",
    fix: "Keep the credentials that match `authenticationType`, or change `authenticationType`.",
    wrong: "authenticationType: okta\nusername: admin@example.com\npassword: ${OKTA_PASSWORD}",
    right: "authenticationType: okta\nokta:\n  username: admin@example.com\n  password: ${OKTA_PASSWORD}\n  \
            appId: Okta\n  idpHost: organization.okta.com\n  role: admin",
    sources: &[source::IMMUTA_API],
};
