//! Progress on a terminal.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressStyle};

use super::super::args::RunnerFormat;
use crate::runner::Progress;

/// Progress on a terminal: one bar for one payload; several payloads get lines.
pub(super) struct Bars(Option<ProgressBar>);

impl Bars {
    pub(super) fn new(format: RunnerFormat, count: usize) -> Self {
        let is_shown = format == RunnerFormat::Human && count == 1 && io::stderr().is_terminal();
        Self(is_shown.then(|| {
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}");
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        }))
    }

    pub(super) const fn is_shown(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn show(&self, event: &Progress) {
        if let Some(bar) = &self.0 {
            bar.set_length(event.total as u64);
            bar.set_position(event.number as u64 - 1);
            bar.set_message(event.summary.clone());
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
