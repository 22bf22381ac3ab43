package io.celeriac.access.audit;

import java.time.Instant;
import java.util.List;

/** Where the rows of the audit are kept. */
interface AuditStore {

    /** Adds entries to the end of the chain: all of them or none. */
    void append(List<AuditEntry> entries);

    /**
     * Deletes the oldest rows, if they are from before this instant.
     *
     * @return how many
     */
    int deleteBefore(Instant then, int most);
}
