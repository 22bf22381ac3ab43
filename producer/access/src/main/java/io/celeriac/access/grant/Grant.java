package io.celeriac.access.grant;

import io.celeriac.contract.rule.TaskRules;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.problem.ProblemException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a user or a token may do.
 *
 * @param role null for none
 * @param authorities beside those of the role
 * @param queues the only queues for which it may do so; null for all. A narrowed role has only its authorities that concern a
 *     queue
 */
public record Grant(
        @Nullable Role role,
        Set<Authority> authorities,
        @Nullable Set<String> queues) {

    private static final int MOST_QUEUES = 1_000;

    public Grant {
        authorities = Set.copyOf(authorities);
        queues = queues == null ? null : Set.copyOf(queues);
    }

    /** Everything. */
    public static final Grant ADMIN = new Grant(Role.ADMIN, Set.of(), null);

    /**
     * A grant as a request asks for it.
     *
     * @throws ProblemException when it grants nothing, or narrows what cannot be narrowed; it names the field
     */
    public static Grant asked(@Nullable Role role, @Nullable Set<Authority> authorities, @Nullable Set<String> queues) {
        var more = authorities == null ? Set.<Authority>of() : authorities;
        if (role == null && more.isEmpty()) {
            throw ProblemException.invalid("role", "or authorities must be given");
        }
        if (queues != null) {
            requireNarrow(role, more, queues);
        }
        return new Grant(role, more, queues);
    }

    private static void requireNarrow(@Nullable Role role, Set<Authority> authorities, Set<String> queues) {
        if (queues.isEmpty() || queues.size() > MOST_QUEUES) {
            throw ProblemException.invalid(
                    "queues", "must name 1 to " + MOST_QUEUES + " queues; leave it out for all queues");
        }
        queues.forEach(TaskRules::queue);
        if (role == Role.ADMIN) {
            throw ProblemException.invalid("queues", "cannot narrow the role admin");
        }
        authorities.stream().filter(one -> !one.concernsQueue()).findFirst().ifPresent(one -> {
            throw ProblemException.invalid("queues", "cannot narrow " + one + ", which concerns no queue");
        });
    }

    /** A grant as a row has it. */
    public static Grant stored(@Nullable Role role, Set<Authority> authorities, @Nullable Set<String> queues) {
        return new Grant(role, authorities, queues);
    }

    /** All authorities, by role and beside it. */
    public Set<Authority> effective() {
        var all = new HashSet<>(authorities);
        if (role != null) {
            all.addAll(role.authorities());
        }
        if (queues != null) {
            all.removeIf(one -> !one.concernsQueue());
        }
        return Set.copyOf(all);
    }

    /** Whether it includes the right to create users, and so everything. */
    public boolean isAdministrator() {
        return effective().contains(Authority.USER_ADMIN);
    }
}
