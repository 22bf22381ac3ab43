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
 * Delays attempts to sign in after failures, for all gateways together: by account in a network, by network, and by account.
 *
 * <p>An account alone is delayed late and briefly, because strangers can fail with anybody's name, and would otherwise keep a
 * person out. An attempt counts as failed before its password is checked, so that many attempts at once gain nothing. Success
 * takes the failures of the account in this network back, and of the others the one that the attempt itself was.
 */
public final class Throttle {

    /**
     * When a kind of subject is delayed.
     *
     * @param free failures without a delay. After that the delay begins with a second, and doubles
     * @param longest delay
     */
    private record Rule(int free, Duration longest) {

        static final Rule ACCOUNT_IN_NETWORK = new Rule(5, Duration.ofMinutes(5));

        /** An office signs in from one network. */
        static final Rule NETWORK = new Rule(30, Duration.ofMinutes(5));

        /** Bounds a search for a password from many networks. So long can strangers keep a person out. */
        static final Rule ACCOUNT = new Rule(100, Duration.ofSeconds(5));
    }

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
        var ofPair = pair(account, address);
        var ofNetwork = network(address);
        var ofAccount = account(account);
        repository.blockedUntil(List.of(ofPair, ofNetwork, ofAccount), now).ifPresent(until -> {
            throw blocked(until, now);
        });
        transactions.executeWithoutResult(
                status -> { // always in this order, so that two cannot wait for each other
                    failed(ofPair, Rule.ACCOUNT_IN_NETWORK, now);
                    failed(ofNetwork, Rule.NETWORK, now);
                    failed(ofAccount, Rule.ACCOUNT, now);
                });
    }

    private static ProblemException blocked(Instant until, Instant now) {
        return ProblemException.tooOften(
                "too many failed attempts to sign in; wait until " + until,
                Duration.between(now, until).plusSeconds(1));
    }

    private void failed(String subject, Rule rule, Instant now) {
        var before = repository.locked(subject, now);
        var until = before.blockedUntil();
        if (until != null && until.isAfter(now)) { // by an attempt at the same time
            throw blocked(until, now);
        }
        var forgotten = before.changedAt().plus(FORGOTTEN_AFTER).isBefore(now);
        var failures = forgotten ? 1 : before.failures() + 1;
        repository.store(subject, new Failures(failures, blockedUntil(failures, rule, now), now));
    }

    private static @Nullable Instant blockedUntil(int failures, Rule rule, Instant now) {
        if (failures < rule.free()) {
            return null;
        }
        var delay = Duration.ofSeconds(1L << Math.min(MOST_DOUBLINGS, failures - rule.free()));
        return now.plus(delay.compareTo(rule.longest()) > 0 ? rule.longest() : delay);
    }

    /** The attempt has succeeded. */
    public void succeeded(String account, String address) {
        repository.forget(pair(account, address));
        repository.takeOneBack(network(address), Rule.NETWORK.free());
        repository.takeOneBack(account(account), Rule.ACCOUNT.free());
        repository.forgetBefore(clock.instant().minus(FORGOTTEN_AFTER).minus(Rule.NETWORK.longest()));
    }

    private static String network(String address) {
        return "network:" + Networks.of(address);
    }

    private static String account(String name) {
        return "account:" + digest(name);
    }

    private static String pair(String name, String address) {
        return "pair:" + digest(Networks.of(address) + ' ' + name);
    }

    /** What people type as their name may be their password. */
    private static String digest(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
