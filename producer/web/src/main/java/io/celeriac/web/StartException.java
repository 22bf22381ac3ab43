package io.celeriac.web;

import org.jspecify.annotations.Nullable;

/** A program cannot start with its settings. The message names the setting. */
public final class StartException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** @param cause null for none */
    public StartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
