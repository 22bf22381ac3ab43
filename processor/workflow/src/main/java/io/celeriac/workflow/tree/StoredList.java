package io.celeriac.workflow.tree;

import java.time.Instant;
import java.util.Objects;

/**
 * How far the list of a group's results is written.
 *
 * @param members how many are written
 * @param parts how many records that took
 * @param since when the first was written
 * @param secret whether one of the results is secret
 * @param complete whether all are written
 */
record StoredList(int members, int parts, Instant since, boolean secret, boolean complete) {

    StoredList {
        Objects.requireNonNull(since, "since");
    }
}
