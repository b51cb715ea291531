//! One condition a file.

pub(super) mod ts01;
pub(super) mod ts02;
pub(super) mod ts03;
pub(super) mod ts04;
pub(super) mod ts05;
pub(super) mod ts06;
pub(super) mod ts07;
pub(super) mod ts08;
pub(super) mod ts09;
pub(super) mod ts10;
pub(super) mod ts11;
pub(super) mod ts12;
pub(super) mod ts13;
pub(super) mod ts14;
pub(super) mod ts15;
pub(super) mod ts16;
pub(super) mod ts17;
pub(super) mod ts18;
