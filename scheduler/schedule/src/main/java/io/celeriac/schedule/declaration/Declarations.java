package io.celeriac.schedule.declaration;

import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.contract.schedule.ScheduleDeclaration.Declared;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.ScheduleJson;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.UnreadableScheduleException;
import io.celeriac.schedule.declaration.Decision.Create;
import io.celeriac.schedule.declaration.Decision.Delete;
import io.celeriac.schedule.declaration.Decision.Forget;
import io.celeriac.schedule.declaration.Decision.Leave;
import io.celeriac.schedule.declaration.Decision.Replace;
import io.celeriac.schedule.declaration.Decision.Same;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.store.ScheduleChange;
import io.celeriac.schedule.store.ScheduleChange.NameTaken;
import io.celeriac.schedule.store.ScheduleChange.NeverFires;
import io.celeriac.schedule.store.ScheduleChange.Saved;
import io.celeriac.schedule.store.Schedules;
import io.celeriac.schedule.table.TableRepository;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns declarations into schedules, by {@link DeclarationRules}. Each declaration is one transaction, which also stores the position
 * in the topic. So any number of schedulers may read the topic, and each record is applied once, in order.
 *
 * <p>A schedule that breaks a rule, or that the database refuses, is left out. The log and {@code schedule_declared} say why. The
 * others are applied. An unchanged schedule costs no write. Safe for use by several threads.
 */
public final class Declarations {

    private static final Logger LOG = LoggerFactory.getLogger(Declarations.class);
    private static final int LONGEST_NAME = 200;

    private final Schedules schedules;
    private final DeclarationRepository repository;
    private final TransactionTemplate transaction;
    private final TransactionTemplate savepoint;

    Declarations(Schedules schedules, DataSource database, PlatformTransactionManager transactions) {
        this.schedules = schedules;
        repository = new DeclarationRepository(database);
        transaction = new TransactionTemplate(transactions);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        savepoint = new TransactionTemplate(transactions);
        savepoint.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    /**
     * The offset of the next record to read.
     *
     * @param topicId Kafka's id of the topic; a topic that is deleted and created again has another
     */
    public long nextOffset(String topicId) {
        return repository.nextOffset(topicId).orElse(0L);
    }

    /**
     * Applies a declaration, unless it or a later one was applied before.
     *
     * @param offset of its record
     * @return whether this call applied it; false also if the database refuses it for good, which is logged
     * @throws DataAccessException if the database does not answer or ends this transaction because of a deadlock. Nothing is written,
     *     and a retry is safe
     */
    public boolean apply(String topicId, long offset, ScheduleDeclaration declaration) {
        try {
            return movingOn(topicId, offset, () -> new Application(declaration.source()).apply(declaration));
        } catch (DataAccessException e) {
            var reason = refusal(e);
            movingOn(
                    topicId,
                    offset,
                    () -> LOG.warn(
                            "A declaration of {} is skipped, since the database refuses it: {}",
                            declaration.source(),
                            reason));
            return false;
        }
    }

    private boolean movingOn(String topicId, long offset, Runnable action) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (offset < repository.lockOffset(topicId)) {
                return false;
            }
            action.run();
            repository.setOffset(topicId, offset + 1);
            return true;
        }));
    }

    /** The reason of a permanent refusal; throws the error if it may be temporary. */
    private static String refusal(DataAccessException e) {
        if (!TableRepository.isFaultOfRow(e)) {
            throw e;
        }
        return String.valueOf(e.getMostSpecificCause().getMessage());
    }

    /** One declaration, within its transaction. */
    private final class Application {
        private final String source;
        private final String by;
        private final Map<String, Remembered> remembered;

        Application(String source) {
            this.source = source;
            by = "code:" + source;
            remembered = repository.ofSource(source);
        }

        void apply(ScheduleDeclaration declaration) {
            var names = new HashSet<String>();
            for (var declared : declaration.schedules()) {
                var name = declared.name();
                if (name == null || name.length() > LONGEST_NAME || !names.add(name)) {
                    LOG.warn("{} declares a schedule without a valid name, or a name twice: {}", source, name);
                } else {
                    apply(name, declared);
                }
            }
            remembered.keySet().stream()
                    .filter(name -> !names.contains(name))
                    .forEach(name -> applyGone(name, declaration.deleteGone()));
        }

        private Remembered before(String name) {
            return Objects.requireNonNullElse(remembered.get(name), Remembered.NOTHING);
        }

        private void apply(String name, Declared declared) {
            try {
                apply(name, declared, ScheduleJson.schedule(null, declared.schedule()));
            } catch (InvalidScheduleException e) {
                remember(name, before(name).left(declared.schedule(), e.getMessage()));
            } catch (DataAccessException | TransactionException e) {
                throw e;
            } catch (RuntimeException e) { // one that fails must not hold up the others
                LOG.error("Schedule {}, which {} declares, cannot be applied", name, source, e);
                remember(name, before(name).notMade("nothing can be made of it: " + e));
            }
        }

        private void apply(String name, Declared declared, Schedule schedule) {
            var before = before(name);
            var json = declared.schedule();
            var decision = judge(name, there -> DeclarationRules.decide(declared.policy(), schedule, before, there));
            if (decision instanceof Create create) {
                if (carryOut(name, json, () -> schedules.create(create.schedule(), by)) instanceof NameTaken) {
                    apply(name, declared, schedule); // somebody else created it first
                }
            } else if (decision instanceof Replace replace) {
                carryOut(name, json, () -> schedules.replace(replace.schedule(), null, by));
            } else if (decision instanceof Same same) {
                remember(name, before.made(same.id(), json));
            } else if (decision instanceof Leave leave) {
                remember(name, before.left(json, leave.why()));
            }
        }

        /** Applies one change. If the database refuses it, only this change is rolled back. */
        private @Nullable ScheduleChange carryOut(String name, ObjectNode json, Supplier<ScheduleChange> change) {
            try {
                return savepoint.execute(status -> {
                    var done = change.get();
                    if (done instanceof Saved saved) {
                        made(name, saved, json);
                    } else if (done instanceof NeverFires never) {
                        remember(name, before(name).notMade(never.field() + " " + never.rule()));
                    }
                    return done;
                });
            } catch (DataAccessException e) {
                remember(name, before(name).notMade("the database refuses it: " + refusal(e)));
                return null;
            }
        }

        private void made(String name, Saved saved, ObjectNode json) {
            LOG.info("Schedule {} is {} as {} declares it", name, saved.created() ? "created" : "changed", source);
            var id = saved.schedule().id();
            repository.takeOver(source, id);
            remember(name, before(name).made(id, json));
        }

        private void applyGone(String name, boolean deleteGone) {
            var before = before(name);
            var decision = judge(name, there -> DeclarationRules.decideGone(deleteGone, before, there));
            if (decision instanceof Delete) {
                schedules.delete(name, null);
                repository.forget(source, name);
                LOG.info("Schedule {} is deleted, since {} no longer declares it", name, source);
            } else if (decision instanceof Forget) {
                repository.forget(source, name);
            } else if (decision instanceof Leave leave) {
                remember(name, before.gone(leave.why()));
            }
        }

        /** Decides, and decides again with the row locked before a change, so that no person's change comes in between. */
        private Decision judge(String name, Function<@Nullable StoredSchedule, Decision> rules) {
            try {
                var decision = rules.apply(schedules.find(name).orElse(null));
                return decision.changesWhatIsThere()
                        ? rules.apply(schedules.lock(name).orElse(null))
                        : decision;
            } catch (UnreadableScheduleException e) {
                return new Leave(e.getMessage());
            }
        }

        private void remember(String name, Remembered after) {
            var before = before(name);
            if (after.equals(before)) {
                return;
            }
            repository.save(source, name, after);
            if (after.remark() != null && !after.remark().equals(before.remark())) {
                LOG.warn("Schedule {} is not as {} declares it: {}", name, source, after.remark());
            }
        }
    }
}
