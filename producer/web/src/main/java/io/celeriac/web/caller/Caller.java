package io.celeriac.web.caller;

import io.celeriac.web.problem.ProblemException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Who sends a request. A controller takes it as a parameter, and {@link CallerSource} decides who it is.
 *
 * @param name of the user or the token, unique within its kind; {@code anonymous} when nobody is known
 * @param kind what sort of caller it is
 * @param authorities what it may do
 * @param queues the only queues for which it may do so; null for all queues
 * @param until when the request's credentials expire; null if they do not, or if nobody knows
 */
public record Caller(
        String name,
        Kind kind,
        Set<Authority> authorities,
        @Nullable Set<String> queues,
        @Nullable Instant until) {

    /** The sorts of callers. */
    public enum Kind {
        /** Anybody, as access control is off. */
        OPEN,
        /** Nobody who is known. */
        ANONYMOUS,
        /** A person with a session. */
        USER,
        /** A program with a token. */
        TOKEN
    }

    private static final String NOBODY = "anonymous";

    /** Everybody, where access control is off. */
    public static final Caller OPEN = new Caller(NOBODY, Kind.OPEN, EnumSet.allOf(Authority.class), null, null);

    /** Somebody without credentials. */
    public static final Caller ANONYMOUS = new Caller(NOBODY, Kind.ANONYMOUS, Set.of(), null, null);

    public Caller {
        authorities = Set.copyOf(authorities);
        queues = queues == null ? null : Set.copyOf(queues);
    }

    /**
     * Somebody of whom only the name is known, such as the author of a stored order. It may do nothing.
     *
     * @param queues the only queues that it sees; null for all queues
     */
    public static Caller named(String name, @Nullable Set<String> queues) {
        return new Caller(name, Kind.ANONYMOUS, Set.of(), queues, null);
    }

    /** Whether it may do so at all, for at least one queue. */
    public boolean may(Authority authority) {
        return authorities.contains(authority);
    }

    /** Whether it may do so for this queue. */
    public boolean mayOn(Authority authority, String queue) {
        return may(authority) && (queues == null || queues.contains(queue));
    }

    /** Whether it may do so for all queues, also those that are created later. */
    public boolean mayOnAll(Authority authority) {
        return may(authority) && queues == null;
    }

    /** Whether it sees this queue. For one that it does not see, its calls are answered as if there were nothing. */
    public boolean sees(String queue) {
        return queues == null || queues.contains(queue);
    }

    /**
     * Refuses a caller that may not do so for this queue.
     *
     * @param field that names the queue in the request
     * @throws ProblemException 403, naming the authority and the queue
     */
    public void require(Authority authority, String field, String queue) {
        if (!mayOn(authority, queue)) {
            throw new ProblemException(
                    HttpStatus.FORBIDDEN, field + " is " + queue + ": " + authority + " is not granted for this queue");
        }
    }

    /**
     * Refuses a caller that may not do so at all.
     *
     * @param what needs it, as the subject of the sentence
     * @throws ProblemException 403, naming the authority
     */
    public void require(Authority authority, String what) {
        if (!may(authority)) {
            throw new ProblemException(HttpStatus.FORBIDDEN, what + " needs " + authority);
        }
    }

    /**
     * The only queues that an answer may be about.
     *
     * @param asked the queue that the request names; null for none
     * @return null for all queues
     * @throws ProblemException 403 when the named queue is not granted
     */
    public @Nullable Set<String> within(Authority authority, String field, @Nullable String asked) {
        if (asked == null) {
            return queues;
        }
        require(authority, field, asked);
        return Set.of(asked);
    }

    /** The name that rows show as the author of a change; null when nobody is known. */
    public @Nullable String author() {
        return kind == Kind.USER || kind == Kind.TOKEN ? name : null;
    }
}
