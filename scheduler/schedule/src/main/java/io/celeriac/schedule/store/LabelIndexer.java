package io.celeriac.schedule.store;

import io.celeriac.schedule.table.RetriedTransaction;
import io.celeriac.schedule.table.TableRepository;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Indexes the labels of schedules that were written by SQL. A row that the database refuses does not hold up the others. Several
 * indexers may work at once. For use by one thread. Safe to repeat.
 */
public final class LabelIndexer {

    private static final Logger LOG = LoggerFactory.getLogger(LabelIndexer.class);
    private static final int BATCH = 200;

    private final LabelRepository labels;
    private final RetriedTransaction transaction;
    private String after = "";

    public LabelIndexer(LabelRepository labels, PlatformTransactionManager transactions) {
        this.labels = labels;
        transaction = new RetriedTransaction(transactions);
    }

    /**
     * Indexes the next batch, and continues after it at the next call.
     *
     * @return whether there may be more
     */
    public boolean refresh() {
        var stale = labels.stale(after, BATCH);
        if (!stale.isEmpty() && !isWritten(stale)) {
            stale.stream().filter(id -> !isWritten(List.of(id))).forEach(LabelIndexer::tell);
        }
        var more = stale.size() == BATCH;
        after = more ? stale.get(BATCH - 1) : "";
        return more;
    }

    private boolean isWritten(List<String> ids) {
        try {
            transaction.execute(() -> labels.refresh(ids));
            return true;
        } catch (DataAccessException e) {
            if (!TableRepository.isFaultOfRow(e)) {
                throw e;
            }
            LOG.debug("The labels of {} schedules are not all indexed", ids.size(), e);
            return false;
        }
    }

    /** Each look, one a second, would log this again. So it is a debug message. */
    private static void tell(String id) {
        LOG.debug("The database refuses the labels of schedule {}: a search for them does not find it", id);
    }
}
