//! The windows of acts where all nodes share theirs: here is what this node accepted of them, for when it is cut off.
//!
//! Those that newcomers share when a table is full belong to nobody, so the shared windows are never told of them.

use super::{Act, ActLimits, ActRefused, Subject, Table, hold, refused};
use crate::limits::shared::{Asked, Owed, WindowName};
use crate::limits::sliding::{Sliding, Survey};

impl ActLimits {
    /// What the shared window is to be asked about.
    pub(in crate::limits) fn asked(&self, act: Act, subject: &str) -> Asked<'_> {
        Asked { name: WindowName::Act(act, self.subject(subject)), shape: &self.tables[act].shape }
    }

    /// The refusal of the shared window, surveyed at the instant 0, if it is full.
    pub(in crate::limits) fn judge(&self, act: Act, window: Survey) -> Result<(), ActRefused> {
        window.ask(&self.tables[act].shape, 0).map(drop).map_err(|free| refused(free, 0))
    }

    /// Counts an act that the shared window accepted.
    pub(in crate::limits) fn note(&self, act: Act, subject: &str) {
        let (Table { shape, parts, .. }, subject) = (&self.tables[act], self.subject(subject));
        let (mut part, wall) = (parts.lock(subject.0), self.wall());
        let window = part.window(subject, wall);
        window.note(shape, window.instant(shape, wall));
    }

    /// The newest act was accepted without the shared window.
    pub(in crate::limits) fn owe(&self, act: Act, subject: &str) {
        self.change(act, self.subject(subject), |window| window.owe(false));
    }

    /// The shared windows know of nothing.
    pub(in crate::limits) fn owe_all(&self) {
        let parts = self.tables.values().flat_map(|table| table.parts.iter());
        parts.for_each(|part| hold(part).own.values_mut().for_each(|window| window.owe(true)));
    }

    /// What the shared windows are to be told.
    pub(in crate::limits) fn owed(&self) -> Vec<Owed> {
        let mut all = Vec::new();
        for (act, Table { shape, parts, .. }) in &self.tables {
            for part in parts.iter() {
                let wall = self.wall();
                let of = |(subject, window): (&Subject, &Sliding)| {
                    Owed::of(WindowName::Act(act, *subject), window, shape, window.instant(shape, wall))
                };
                all.extend(hold(part).own.iter().filter_map(of));
            }
        }
        all
    }

    /// The shared window was told of so many.
    pub(in crate::limits) fn settle(&self, act: Act, subject: Subject, told: u32) {
        self.change(act, subject, |window| window.settle(told));
    }

    fn change(&self, act: Act, subject: Subject, change: impl FnOnce(&mut Sliding)) {
        if let Some(window) = self.tables[act].parts.lock(subject.0).own.get_mut(&subject) {
            change(window);
        }
    }
}
