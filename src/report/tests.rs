use super::*;
#[test]
fn look() {
    let text = "type: Redshift # c\nautoBootstrap: yes\nconfig:\n  hots: cluster.example.com\n  database: Immuta\n  initialDatabase: dev\n  authenticationType: userPassword\n  username: a\n  password: abc#1234'\"\n  porrt: 12\n  impersonation: {enabled: true}\n";
    let checked = crate::check::check(text, &crate::check::Options::default());
    let input = Input { path: "a.yaml", text, checked: &checked };
    let mut out = String::new();
    human::Human::new(false).write(&input, &mut out);
    println!("{out}");
    let text = "{\"type\": \"Redshift\", \"config\": {\"password\": \"abcdef\", \"x\": [1,2], \"authenticationType\": \"okta\"}} ";
    let checked = crate::check::check(text, &crate::check::Options::default());
    let input = Input { path: "a.yaml", text, checked: &checked };
    let mut out = String::new();
    human::Human::new(false).write(&input, &mut out);
    println!("{out}");
    let text = "type: Redshift\nconfig:\n  password: \"abc\n  x: [1,\n";
    let checked = crate::check::check(text, &crate::check::Options::default());
    let input = Input { path: "a.yaml", text, checked: &checked };
    let mut out = String::new();
    human::Human::new(false).write(&input, &mut out);
    println!("{out}");
}
