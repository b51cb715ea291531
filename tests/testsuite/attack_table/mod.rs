//! Every row of the attack table (`approvals.md` §8): the test that makes the
//! attack and states verdict and reason code. [`ROWS`] says where each row is
//! tested; a test below holds that list to the files.
//!
//! The tests of this folder build a repository from raw git objects, give it a
//! chain that is sound but for the attack, and fail when the set clears *or* is
//! refused for another reason.
//!
//! Of row 75 only what can be made is tested: no two git objects with one
//! SHA-1 id are public. An object under another's id is refused (row 74), and
//! the digest that is signed is SHA-256 over the texts themselves.

mod chains;
mod forge;
mod histories;
mod merges;
mod over_time;
mod rosters;
mod statements;
mod swaps;
mod takedowns;
mod trees;

use std::fs;
use std::path::Path;

const CHAINS: &str = "tests/testsuite/attack_table/chains.rs";
const HISTORIES: &str = "tests/testsuite/attack_table/histories.rs";
const ROSTERS: &str = "tests/testsuite/attack_table/rosters.rs";
const STATEMENTS: &str = "tests/testsuite/attack_table/statements.rs";
const SWAPS: &str = "tests/testsuite/attack_table/swaps.rs";
const TAKEDOWNS: &str = "tests/testsuite/attack_table/takedowns.rs";
const TREES: &str = "tests/testsuite/attack_table/trees.rs";
const OVER_TIME: &str = "tests/testsuite/attack_table/over_time.rs";
const REVISIONS: &str = "tests/testsuite/revisions.rs";
const SECOND: &str = "tests/testsuite/second_opinion/mod.rs";
const OPENPGP: &str = "tests/testsuite/openpgp_rows.rs";
const VERIFYING: &str = "tests/testsuite/verifying.rs";
const BUILDS: &str = "tests/testsuite/builds.rs";
const SOURCE: &str = "src/source/tests.rs";
const SIGNATURE: &str = "src/approve/signature/tests.rs";
const EVIDENCE: &str = "src/evidence/tests/mod.rs";
const BIDI: &str = "src/model/bidi.rs";
const GUARD: &str = "src/bin/jiedu/http/guard.rs";
const HOSTILE: &str = "tests/testsuite/hostile.rs";
const IMPORT: &str = "src/import/bounds.rs";
const KILLS: &str = "tests/testsuite/kills.rs";
const SECOND_VERIFIER: &str = "tests/testsuite/second_verifier.rs";
const MERGES: &str = "tests/testsuite/attack_table/merges.rs";
const SERVER: &str = "src/bin/jiedu/http/server.rs";
const ACTIVE: &str = "src/model/active.rs";
const DAMAGE: &str = "tests/testsuite/damage.rs";
const LOOSE: &str = "src/source/loose.rs";
const NAMES: &str = "src/source/path.rs";
const OUTPUT: &str = "src/output/tests.rs";
const SVG: &str = "src/model/svg.rs";
const TERMINAL: &str = "src/base/text/terminal.rs";
const TAMPERING: &str = "src/evidence/tests/tampering.rs";

/// Row, file, test.
#[rustfmt::skip]
const ROWS: &[(u32, &str, &str)] = &[
    (1, REVISIONS, "a_complete_chain_clears_a_set"),
    (1, SECOND, "row_1_a_chain_of_openpgp_keys_clears"),
    (1, SECOND, "row_1_a_mixed_chain_clears_and_no_mutation_is_ours_alone"),
    (2, REVISIONS, "a_missing_step_blocks"),
    (3, STATEMENTS, "unsigned_and_unknown_keys"),
    (4, STATEMENTS, "unsigned_and_unknown_keys"),
    (5, CHAINS, "roles_and_authors"),
    (6, CHAINS, "roles_and_authors"),
    (7, REVISIONS, "a_hidden_author_is_found"),
    (8, CHAINS, "one_person_with_two_keys"),
    (9, ROSTERS, "one_key_for_two_persons"),
    (10, STATEMENTS, "unsigned_and_unknown_keys"),
    (11, REVISIONS, "one_changed_byte_voids_and_reverting_restores"),
    (12, REVISIONS, "one_changed_byte_voids_and_reverting_restores"),
    (13, CHAINS, "a_renamed_file_voids_everything"),
    (14, CHAINS, "approvals_cannot_be_replayed_on_another_set"),
    (15, CHAINS, "approvals_cannot_be_replayed_in_another_site"),
    (16, CHAINS, "approvals_of_an_earlier_round_do_not_count"),
    (17, CHAINS, "order_is_the_chain_not_the_dates"),
    (18, CHAINS, "order_is_the_chain_not_the_dates"),
    (19, REVISIONS, "a_rejection_blocks_this_round_for_good"),
    (20, CHAINS, "a_retracted_step"),
    (21, STATEMENTS, "trailers"),
    (22, STATEMENTS, "trailers"),
    (23, STATEMENTS, "trailers"),
    (24, STATEMENTS, "what_only_looks_like_a_statement"),
    (25, STATEMENTS, "what_only_looks_like_a_statement"),
    (26, STATEMENTS, "injected_statements"),
    (27, STATEMENTS, "injected_statements"),
    (28, STATEMENTS, "an_everyday_key"),
    (29, STATEMENTS, "merges"),
    (30, STATEMENTS, "merges"),
    (31, REVISIONS, "an_evil_merge_is_found"),
    (32, REVISIONS, "a_statement_that_also_edits_is_refused"),
    (33, REVISIONS, "trees_must_agree_with_statements"),
    (34, STATEMENTS, "altered_commits"),
    (35, STATEMENTS, "altered_commits"),
    (36, STATEMENTS, "altered_commits"),
    (37, STATEMENTS, "moved_and_hidden_signatures"),
    (38, STATEMENTS, "moved_and_hidden_signatures"),
    (39, STATEMENTS, "foreign_headers"),
    (40, STATEMENTS, "foreign_headers"),
    (41, STATEMENTS, "foreign_headers"),
    (42, REVISIONS, "sha256_repositories_are_read_alike"),
    (43, STATEMENTS, "text_around_the_armour"),
    (44, STATEMENTS, "signatures_for_another_purpose"),
    (45, STATEMENTS, "malformed_signature_blobs"),
    (46, SIGNATURE, "row_46_weak_rsa"),
    (46, SIGNATURE, "row_46_rsa_with_sha1"),
    (46, ROSTERS, "weak_keys"),
    (46, STATEMENTS, "algorithms_that_are_not_accepted"),
    (47, ROSTERS, "weak_keys"),
    (48, SIGNATURE, "row_48_hardware_key_must_be_touched"),
    (48, STATEMENTS, "an_untouched_hardware_key"),
    (49, STATEMENTS, "algorithms_that_are_not_accepted"),
    (50, STATEMENTS, "armour_wrapped_otherwise_is_accepted"),
    (51, OPENPGP, "rows_51_and_52_signatures_that_gpg_or_libraries_would_take"),
    (52, OPENPGP, "rows_51_and_52_signatures_that_gpg_or_libraries_would_take"),
    (53, OPENPGP, "row_53_a_signing_subkey_that_the_roster_does_not_list"),
    (54, OVER_TIME, "a_key_past_its_end_cannot_be_backdated"),
    (55, OVER_TIME, "a_key_that_is_not_valid_yet"),
    (56, OVER_TIME, "retired_keys"),
    (57, OVER_TIME, "retired_keys"),
    (58, OVER_TIME, "compromised_keys"),
    (59, ROSTERS, "a_revocation_may_not_be_dropped"),
    (60, OVER_TIME, "a_role_that_ended"),
    (61, ROSTERS, "rosters_need_enough_roots"),
    (62, ROSTERS, "rosters_need_enough_roots"),
    (63, ROSTERS, "new_roots_cannot_appoint_themselves"),
    (64, ROSTERS, "versions_are_consecutive"),
    (65, ROSTERS, "rollback_and_fork"),
    (66, ROSTERS, "rollback_and_fork"),
    (67, ROSTERS, "rosters_edited_or_malformed"),
    (68, ROSTERS, "a_roster_that_never_was_valid"),
    (69, OVER_TIME, "substitutes"),
    (70, SOURCE, "repositories_that_could_lie_are_refused"),
    (71, SOURCE, "repositories_that_could_lie_are_refused"),
    (72, SOURCE, "repositories_that_could_lie_are_refused"),
    (72, SOURCE, "missing_and_exchanged_objects_are_found"),
    (73, SOURCE, "repositories_that_could_lie_are_refused"),
    (73, VERIFYING, "borrowed_objects_prove_nothing"),
    (74, SOURCE, "missing_and_exchanged_objects_are_found"),
    (75, SOURCE, "missing_and_exchanged_objects_are_found"),
    (75, SOURCE, "digest_is_the_manifest_of_the_contract"),
    (76, SOURCE, "modes_other_than_plain_files_are_refused"),
    (76, TREES, "odd_entries_of_a_set_block_it_and_take_nothing_down"),
    (76, TREES, "odd_entries_of_what_all_rests_on_stop_the_build"),
    (77, SOURCE, "hostile_names_are_refused"),
    (78, SOURCE, "malformed_trees_are_refused"),
    (79, SOURCE, "hostile_names_are_refused"),
    (79, TREES, "odd_entries_of_a_set_block_it_and_take_nothing_down"),
    (80, SOURCE, "hostile_names_are_refused"),
    (81, SOURCE, "hostile_names_are_refused"),
    (81, SOURCE, "text_must_be_clean_and_keeps_its_digest"),
    (82, SOURCE, "text_must_be_clean_and_keeps_its_digest"),
    (83, REVISIONS, "faults_block_their_set_alone"),
    (83, CHAINS, "attributes_change_no_digest"),
    (84, REVISIONS, "the_work_tree_is_compared_with_head"),
    (85, STATEMENTS, "encodings_and_sizes"),
    (86, STATEMENTS, "encodings_and_sizes"),
    (87, STATEMENTS, "encodings_and_sizes"),
    (88, CHAINS, "evidence_renamed_or_corrupted"),
    (89, CHAINS, "the_same_statement_twice_counts_once"),
    (90, REVISIONS, "squashed_approvals_survive_only_when_collected"),
    (91, REVISIONS, "squashed_approvals_survive_only_when_collected"),
    (92, SWAPS, "a_history_written_anew_around_the_same_text"),
    (92, REVISIONS, "rewriting_history_around_the_same_text_changes_nothing"),
    (93, CHAINS, "two_people_take_one_step"),
    (94, BUILDS, "refusals_write_nothing"),
    (95, TAMPERING, "missing_and_extra_files_are_named"),
    (95, TAMPERING, "a_flipped_byte_anywhere_fails_and_names_the_file"),
    (96, EVIDENCE, "only_a_publisher_of_the_roster_signs"),
    (96, VERIFYING, "a_key_that_the_roster_does_not_name_publishes_nothing"),
    (97, EVIDENCE, "an_old_release_served_again_is_seen"),
    (98, EVIDENCE, "a_statement_that_was_known_may_not_vanish"),
    (99, REVISIONS, "withdrawal_takes_the_whole_set_down"),
    (99, REVISIONS, "nothing_brings_a_withdrawn_text_back_but_a_new_round"),
    (100, EVIDENCE, "a_rebuilt_site_is_compared_byte_for_byte"),
    (100, VERIFYING, "a_patched_page_that_was_signed_again"),
    (101, BUILDS, "refusals_write_nothing"),
    (101, EVIDENCE, "without_an_anchor_nothing_is_ok"),
    (102, TAMPERING, "hostile_documents_get_clear_answers"),
    // Rows of our own.
    (103, REVISIONS, "one_commit_neither_takes_a_text_down_nor_brings_it_back"),
    (104, REVISIONS, "removing_the_folder_takes_nothing_down"),
    (105, VERIFYING, "post_dated_commits_open_no_embargo"),
    (106, VERIFYING, "junk_beside_statements_changes_nothing"),
    (107, VERIFYING, "a_hostile_site_toml_is_refused_or_harmless"),
    (108, VERIFYING, "a_site_that_cannot_be_read_is_not_verified"),
    (109, VERIFYING, "active_attachments_are_reported"),
    (110, HISTORIES, "a_merge_with_swapped_parents_hides_a_set"),
    (110, HISTORIES, "a_merge_with_swapped_parents_over_another_text"),
    (111, HISTORIES, "a_merge_with_swapped_parents_brings_an_old_edition_back"),
    (112, HISTORIES, "a_merge_with_swapped_parents_renumbers_editions"),
    (113, TAKEDOWNS, "an_edit_beside_the_line_in_a_reviewers_name"),
    (114, TAKEDOWNS, "a_roster_change_leaves_tombstones_and_never_gaps"),
    (114, TAKEDOWNS, "what_a_roster_change_took_down_keeps_its_number"),
    (115, SWAPS, "evidence_of_another_site_proves_nothing_here"),
    (116, SWAPS, "collected_statements_of_others_count_for_nothing"),
    (117, HISTORIES, "a_text_that_is_not_public_excuses_no_older_decision"),
    (117, HISTORIES, "a_decision_against_publication_takes_a_set_off"),
    (118, HISTORIES, "a_moved_set_does_not_come_back_when_its_successor_is_withdrawn"),
    (119, OUTPUT, "what_a_kill_leaves_while_the_old_site_is_removed_blocks_nobody"),
    (119, OUTPUT, "a_build_killed_while_it_removes_is_finished_by_the_next"),
    (120, DAMAGE, "damaged_loose_objects_are_refused_or_harmless"),
    (120, DAMAGE, "damaged_packs_and_indexes_are_refused_or_harmless"),
    (120, LOOSE, "every_cut_and_every_flipped_bit_is_noticed_or_harmless"),
    (121, DAMAGE, "a_cut_object_of_a_published_set_refuses_the_build_and_of_a_draft_blocks_the_draft"),
    (122, DAMAGE, "a_partial_clone_is_refused_by_every_command_that_reads_history"),
    (123, SVG, "whatever_runs_is_seen_under_any_prefix"),
    (123, ACTIVE, "what_runs_is_named_and_what_stands_still_is_not"),
    (124, TERMINAL, "nothing_that_a_terminal_obeys_gets_through"),
    (125, NAMES, "names_are_judged_by_the_rules"),
    (126, OUTPUT, "only_bytes_that_a_manifest_lists_are_deleted"),
    (127, HOSTILE, "a_bidirectional_control_is_found_however_it_is_spelled"),
    (127, BIDI, "every_spelling_that_reaches_a_reader_is_found"),
    (124, HOSTILE, "no_command_sends_control_characters_to_a_terminal"),
    (128, SERVER, "answers_reads_and_nothing_else"),
    (128, SERVER, "no_client_keeps_the_others_waiting"),
    (128, GUARD, "only_exact_names_of_this_machine_are_answered"),
    (128, GUARD, "methods_and_other_sites_are_refused"),
    (129, HOSTILE, "nothing_is_written_through_links_of_a_branch"),
    (130, HOSTILE, "themes_that_would_never_end_are_refused_with_their_place"),
    (130, IMPORT, "pages_made_to_keep_a_reader_busy_are_refused"),
    (131, HOSTILE, "a_page_at_an_address_of_the_site_is_a_finding_and_stops_nothing"),
    (132, MERGES, "text_written_in_a_merge_makes_its_committer_an_author"),
    (132, MERGES, "a_conflict_is_resolved_by_an_author"),
    (133, MERGES, "every_address_of_co_authors_counts"),
    (134, HOSTILE, "a_site_without_a_publisher_says_so_and_can_be_refused"),
    (119, KILLS, "builds_killed_anywhere_leave_a_whole_site_and_block_nobody"),
    (135, SECOND_VERIFIER, "both_accept_the_demonstration_and_refuse_every_tampered_copy_alike"),
    (135, SECOND_VERIFIER, "both_refuse_a_release_that_its_evidence_does_not_carry"),
    (135, SECOND_VERIFIER, "both_judge_histories_of_the_attack_table_alike"),
];

#[test]
fn every_row_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for row in 1..=135 {
        assert!(ROWS.iter().any(|(of, _, _)| *of == row), "row {row} has no test");
    }
    for (row, file, test) in ROWS {
        let text = fs::read_to_string(root.join(file)).unwrap();
        assert!(text.contains(&format!("fn {test}(")), "row {row}: {test} is not in {file}");
    }
}
