package io.celeriac.schedule.firing;

import io.celeriac.schedule.table.TableRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Claims a batch of rows and handles it in one transaction. If the database refuses to write one row, because of a constraint or a
 * trigger, the batch is repeated in halves until that row is alone. So it does not hold up the others. Any other error ends the batch.
 * Tasks that were sent before are not sent again, see {@link SentTasks}.
 */
public final class BatchTransaction {

    private final TransactionTemplate transaction;

    public BatchTransaction(PlatformTransactionManager transactions) {
        transaction = new TransactionTemplate(transactions);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /**
     * @param limit of rows
     * @param claim locks the first due rows, at most so many
     * @param carryOut handles the rows
     * @param setAside handles a row that cannot be written, after the transaction; takes the error
     */
    public <R> Claim run(
            int limit,
            IntFunction<List<R>> claim,
            Function<List<R>, Claim> carryOut,
            BiFunction<R, DataAccessException, Claim> setAside) {
        var claimed = new ArrayList<R>();
        try {
            return Objects.requireNonNull(transaction.execute(status -> {
                claimed.addAll(claim.apply(limit));
                return carryOut.apply(claimed);
            }));
        } catch (DataAccessException e) {
            if (claimed.isEmpty() || !TableRepository.isFaultOfRow(e)) {
                throw e;
            }
            if (claimed.size() == 1) {
                return setAside.apply(claimed.get(0), e);
            }
            var half = claimed.size() / 2; // claims the same rows again, unless another scheduler has taken some
            return run(half, claim, carryOut, setAside).and(run(claimed.size() - half, claim, carryOut, setAside));
        }
    }
}
