package io.celeriac.access.throttle;

import io.celeriac.access.throttle.ThrottleRepository.Failures;
import io.celeriac.web.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Delays attempts to sign in after failures, by account and by network, for all gateways together.
 *
 * <p>An attempt counts as failed before its password is checked, so that many attempts at once gain nothing. Success takes the
 * account's failures back, and of its network the one that the attempt itself was.
 */
public final class Throttle {

    /** Failures of an account without a delay. After that the delay begins with a second, and doubles. */
    static final int FREE_OF_ACCOUNT = 5;

    /** Failures of a network without a delay: an office signs in from one network. */
    static final int FREE_OF_NETWORK = 30;

    /** Longest delay. It also bounds for how long somebody else can keep a person out. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 20;

    private final ThrottleRepository repository;
    private final TransactionOperations transactions;
    private final InstantSource clock;

    Throttle(ThrottleRepository repository, TransactionOperations transactions, InstantSource clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Begins an attempt.
     *
     * @param account the name that somebody signs in with, known or not
     * @param address of the client
     * @throws ProblemException 429 while the account or the network is blocked
     */
    public void begin(String account, String address) {
        var now = clock.instant();
        var ofAccount = account(account);
        var ofNetwork = network(address);
        repository.blockedUntil(List.of(ofAccount, ofNetwork), now).ifPresent(until -> {
            throw blocked(until, now);
        });
        transactions.executeWithoutResult(status -> {
            failed(ofAccount, FREE_OF_ACCOUNT, now);
            failed(ofNetwork, FREE_OF_NETWORK, now);
        });
    }

    private static ProblemException blocked(Instant until, Instant now) {
        return ProblemException.tooOften(
                "too many failed attempts to sign in; wait until " + until,
                Duration.between(now, until).plusSeconds(1));
    }

    private void failed(String subject, int free, Instant now) {
        var before = repository.locked(subject, now);
        var until = before.blockedUntil();
        if (until != null && until.isAfter(now)) { // by an attempt at the same time
            throw blocked(until, now);
        }
        var forgotten = before.changedAt().plus(FORGOTTEN_AFTER).isBefore(now);
        var failures = forgotten ? 1 : before.failures() + 1;
        repository.store(subject, new Failures(failures, blockedUntil(failures, free, now), now));
    }

    private static @Nullable Instant blockedUntil(int failures, int free, Instant now) {
        if (failures < free) {
            return null;
        }
        var delay = Duration.ofSeconds(1L << Math.min(MOST_DOUBLINGS, failures - free));
        return now.plus(delay.compareTo(LONGEST) > 0 ? LONGEST : delay);
    }

    /** The attempt has succeeded. */
    public void succeeded(String account, String address) {
        repository.forget(account(account));
        repository.takeOneBack(network(address), FREE_OF_NETWORK);
        repository.forgetBefore(clock.instant().minus(FORGOTTEN_AFTER).minus(LONGEST));
    }

    private static String network(String address) {
        return "network:" + Networks.of(address);
    }

    /** A digest: what people type as their name may be their password. */
    private static String account(String name) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return "account:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
