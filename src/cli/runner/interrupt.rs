//! Ctrl-C.

use std::io;

use tokio::runtime::Runtime;
use tokio::sync::watch;

/// Whether the user has interrupted.
#[derive(Clone)]
pub(super) struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// From now on Ctrl-C no longer ends the process; it is told here.
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
            // The sender lives as long as the run, so that receivers can wait for it.
            std::future::pending::<()>().await;
        });
        Ok(Self(receiver))
    }

    /// For those who have to stop by it.
    pub(super) fn receiver(&self) -> watch::Receiver<bool> {
        self.0.clone()
    }

    pub(super) fn has_come(&self) -> bool {
        *self.0.borrow()
    }

    /// What `read` gives; `None` if the interrupt comes first.
    ///
    /// Nothing breaks a read from a terminal off. So it gets a thread of its own, which an interrupt leaves behind.
    pub(super) async fn unless<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let mut receiver = self.receiver();
        let reading = tokio::task::spawn_blocking(read);
        tokio::select! {
            biased;
            Ok(_) = receiver.wait_for(|has_come| *has_come) => None,
            result = reading => match result {
                Ok(result) => Some(result),
                // A defect goes the way of all panics.
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            },
        }
    }
}

#[cfg(test)]
impl Interrupt {
    /// One that comes when the sender says so.
    pub(super) fn of(receiver: watch::Receiver<bool>) -> Self {
        Self(receiver)
    }
}
