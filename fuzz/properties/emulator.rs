//! What a client may send to the emulator of Redshift: packets, parameters, SQL, stored passwords.

pub(crate) use redshift_emulator::fuzzing::hold;
