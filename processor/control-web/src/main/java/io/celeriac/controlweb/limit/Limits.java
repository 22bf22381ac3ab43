package io.celeriac.controlweb.limit;

import io.celeriac.contract.json.WireMapper;
import io.celeriac.web.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call that sets limits.
 *
 * @param concurrency the most attempts at once on each worker; absent for the configured number
 * @param rateLimit how often an attempt may begin on each worker, such as 100/m; absent for the configured one
 * @param note why, for others; absent for none
 */
record Limits(
        @Nullable Integer concurrency,
        @Nullable String rateLimit,
        @Nullable String note) {

    static final Limits NONE = new Limits(null, null, null);

    /**
     * Reads a body.
     *
     * @throws io.celeriac.contract.rule.InvalidTaskException naming the field that does not fit
     * @throws ProblemException when there are no limits in it
     */
    static Limits read(byte[] body) {
        var limits = WireMapper.read(() -> WireMapper.MAPPER.readValue(body, Limits.class));
        if (limits.concurrency == null && limits.rateLimit == null) {
            throw ProblemException.invalid(
                    "concurrency", "or rateLimit must be given; DELETE takes limits back that were set before");
        }
        return limits;
    }
}
