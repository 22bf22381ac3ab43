package io.celeriac.schedule.store;

import io.celeriac.schedule.table.RetriedTransaction;
import io.celeriac.schedule.table.TableRepository;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Sees to it that schedules that were inserted or changed by SQL are found by their labels. One that the database does not let be written
 * keeps no other. Several may work at once; each for use by one thread. Safe to repeat.
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
     * Writes the labels of some that are not written yet, and goes on behind them the next time.
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
            LOG.debug("The labels of {} schedules are not all written", ids.size(), e);
            return false;
        }
    }

    /** At each look, which is a second apart: so it is told where it is asked for only. */
    private static void tell(String id) {
        LOG.debug("The database does not let the labels of schedule {} be written: it is not found by them", id);
    }
}
