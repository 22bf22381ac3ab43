package io.celeriac.contract.schedule;

import java.util.Locale;

/**
 * What happens to a firing while an earlier one of its schedule has not ended.
 *
 * <p>A firing has ended when {@code task_result} has a final state for its task. Firings that a person asked for count too. A skipped firing
 * is in the history, with the reason.
 */
public enum Overlap {
    /** It is emitted: firings may overlap. */
    ALLOW,
    /** It is skipped. */
    SKIP,
    /** It waits until the earlier one has ended. Only one can wait; later ones are skipped. */
    BUFFER_ONE,
    /** The earlier one is revoked, and terminated if it runs. This one waits until the earlier one has ended. */
    CANCEL_OTHER;

    /** The word for it in JSON and in the table. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
