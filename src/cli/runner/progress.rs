//! Progress on a terminal.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressStyle};

use super::super::args::RunnerFormat;
use crate::runner::Progress;

/// The progress bar of a single payload on a terminal. For several payloads, lines are printed instead.
pub(super) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(super) fn new(format: RunnerFormat, count: usize) -> Self {
        let is_wanted = format == RunnerFormat::Human && count == 1 && io::stderr().is_terminal();
        Self(is_wanted.then(|| {
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}");
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        }))
    }

    /// Shows a statement; returns `false` if there is no bar.
    pub(super) fn shows(&self, event: &Progress) -> bool {
        let Some(bar) = &self.0 else { return false };
        bar.set_length(event.total as u64);
        bar.set_position(event.number as u64 - 1);
        bar.set_message(event.summary.clone());
        true
    }

    /// Whether the bar is visible.
    pub(super) fn is_drawn(&self) -> bool {
        self.0.as_ref().is_some_and(|bar| !bar.is_finished() && bar.length().is_some_and(|length| length > 0))
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
