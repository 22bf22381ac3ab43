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
 * A transaction at READ COMMITTED that is tried again, for less than a second in all, when the database ends it to resolve a
 * deadlock. One that has waited in vain for a lock is not: it would only wait again. Within a transaction of the caller's it is a part
 * of that one, which only the caller can try again.
 */
public final class RetriedTransaction {

    /** Less than the database waits for a lock, more than it takes to find a deadlock. */
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
     * @param work safe to repeat, as nothing of it is left when it is
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
