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
 * Claims a batch and carries it out in one transaction. When the database refuses what is to be written for one row of it, a constraint
 * or a trigger of somebody's, the batch is done in halves until that row stands alone: the others are not to wait for it. Any other
 * error is not the fault of a row, and ends the whole. What was sent for them is not sent again, see {@link SentTasks}.
 */
public final class BatchTransaction {

    private final TransactionTemplate transaction;

    public BatchTransaction(PlatformTransactionManager transactions) {
        transaction = new TransactionTemplate(transactions);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /**
     * @param limit of rows
     * @param claim locks the first rows that are due, so many at the most
     * @param carryOut what is done about them
     * @param setAside what is done, behind the transaction, about a row that cannot be written, and why it cannot
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
            var half =
                    claimed.size() / 2; // the same rows are claimed again, unless somebody else has some of them by now
            return run(half, claim, carryOut, setAside).and(run(claimed.size() - half, claim, carryOut, setAside));
        }
    }
}
