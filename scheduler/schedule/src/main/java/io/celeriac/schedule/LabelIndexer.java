package io.celeriac.schedule;

import org.springframework.transaction.PlatformTransactionManager;

/**
 * Sees to it that schedules that were inserted or changed by SQL are found by their labels. Several may work at once. Safe to repeat.
 */
public final class LabelIndexer {

    private static final int BATCH = 500;

    private final LabelRepository labels;
    private final RetriedTransaction transaction;

    LabelIndexer(LabelRepository labels, PlatformTransactionManager transactions) {
        this.labels = labels;
        transaction = new RetriedTransaction(transactions);
    }

    /**
     * Writes the labels of some that are not written yet.
     *
     * @return whether there may be more
     */
    public boolean refresh() {
        return transaction.execute(() -> labels.refresh(BATCH)) == BATCH;
    }
}
