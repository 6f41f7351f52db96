//! Handles Ctrl-C.

use std::io;

use tokio::runtime::Runtime;
use tokio::sync::watch;

/// Whether the user has interrupted.
#[derive(Clone)]
pub(super) struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// From now on Ctrl-C does not end the process, but is reported here.
    pub(super) fn listen(runtime: &Runtime) -> io::Result<Self> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        #[cfg(windows)]
        use tokio::signal::windows::ctrl_c;

        let (sender, receiver) = watch::channel(false);
        let _entered = runtime.enter();
        #[cfg(unix)]
        let mut signals = signal(SignalKind::interrupt())?;
        #[cfg(windows)]
        let mut signals = ctrl_c()?;
        runtime.spawn(async move {
            signals.recv().await;
            let _ = sender.send(true);
            // The sender must live as long as the run, so that receivers can wait for it.
            std::future::pending::<()>().await;
        });
        Ok(Self(receiver))
    }

    /// A receiver that becomes true on Ctrl-C.
    pub(super) fn receiver(&self) -> watch::Receiver<bool> {
        self.0.clone()
    }

    pub(super) fn is_interrupted(&self) -> bool {
        *self.0.borrow()
    }

    /// The result of `read`, or `None` if the user interrupts first.
    ///
    /// A read from a terminal cannot be cancelled. So it runs in a thread of its own, which is abandoned on an interrupt.
    pub(super) async fn unless<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let mut receiver = self.receiver();
        let reading = tokio::task::spawn_blocking(read);
        tokio::select! {
            biased;
            Ok(_) = receiver.wait_for(|is_interrupted| *is_interrupted) => None,
            result = reading => match result {
                Ok(result) => Some(result),
                // Panics are propagated.
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            },
        }
    }
}

#[cfg(test)]
impl Interrupt {
    /// An interrupt that is sent by the test.
    pub(super) fn of(receiver: watch::Receiver<bool>) -> Self {
        Self(receiver)
    }
}
