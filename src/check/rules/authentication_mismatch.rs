//! `authentication-mismatch`: credentials that do not go with `authenticationType`. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "credentials that do not go with `authenticationType`",
    what: "`userPassword` takes `username` and `password`; `okta` takes an object `okta`. The document has \
           the wrong ones, both, or neither.",
    why: "The documentation shows each type with its own credentials only. What the API does with others \
          is not documented.",
    fix: "Keep the credentials that go with `authenticationType`, or change `authenticationType`.",
    wrong: "authenticationType: okta\nusername: admin@example.com\npassword: ${OKTA_PASSWORD}",
    right: "authenticationType: okta\nokta:\n  username: admin@example.com\n  password: ${OKTA_PASSWORD}\n  \
            appId: Okta\n  idpHost: organization.okta.com\n  role: admin",
    sources: &[source::IMMUTA_API],
};
