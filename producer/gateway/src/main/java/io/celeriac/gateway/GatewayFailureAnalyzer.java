package io.celeriac.gateway;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why the gateway did not start, in place of a stack trace. */
final class GatewayFailureAnalyzer extends AbstractFailureAnalyzer<GatewayStartException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, GatewayStartException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()), "Change the setting named above, and start again.", cause);
    }
}
