package io.celeriac.embedded;

/**
 * A broker or database did not start, or its files cannot be used. The message names the server, the reason and, where
 * there is one, the end of its log. Trying again helps only after the reason is gone.
 */
public final class ServerStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ServerStartException(String message) {
        super(message);
    }

    public ServerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
