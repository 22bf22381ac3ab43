package io.celeriac.schedule.table;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A transaction at READ COMMITTED that is repeated after a deadlock. The retries take less than a second in all. A transaction that
 * timed out waiting for a lock is not repeated: it would only wait again. Within a transaction of the caller, the work joins that one,
 * and only the caller can repeat it.
 */
public final class RetriedTransaction {

    /** Shorter than the lock timeout of the database, longer than it takes to detect a deadlock. */
    private static final Duration NO_LONGER_THAN = Duration.ofSeconds(3);

    private static final RetryTemplate RETRY = new RetryTemplate(RetryPolicy.builder()
            .includes(PessimisticLockingFailureException.class)
            .maxRetries(8)
            .timeout(NO_LONGER_THAN)
            .delay(Duration.ofMillis(5))
            .jitter(Duration.ofMillis(5))
            .multiplier(2)
            .maxDelay(Duration.ofMillis(200))
            .build());

    private final TransactionTemplate transaction;

    public RetriedTransaction(PlatformTransactionManager transactions) {
        transaction = new TransactionTemplate(transactions);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /**
     * @param work repeated after a rollback
     */
    public <T> T execute(Supplier<T> work) {
        return TransactionSynchronizationManager.isActualTransactionActive()
                ? once(work)
                : Objects.requireNonNull(RETRY.invoke(() -> once(work)));
    }

    private <T> T once(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
