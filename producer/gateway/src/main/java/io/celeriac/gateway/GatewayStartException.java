package io.celeriac.gateway;

import org.jspecify.annotations.Nullable;

/** The gateway does not start as it is set up; the message names the setting. */
final class GatewayStartException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    GatewayStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
