package io.celeriac.results.materializer;

/**
 * The database refuses a row, and repeating does not help: a value cannot be written, is too long or out of range. Of several rows, the
 * caller has to find out which one it is.
 */
public final class RefusedRowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String kind;

    /**
     * @param kind what is wrong, without a quotation from the row
     */
    RefusedRowException(String kind, Throwable cause) {
        super(kind + ": " + cause.getMessage(), cause);
        this.kind = kind;
    }

    /** The fault, without a quotation from the row, which may hold a secret. */
    String withoutValues() {
        return kind;
    }
}
