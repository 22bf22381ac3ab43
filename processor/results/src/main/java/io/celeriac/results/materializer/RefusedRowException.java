package io.celeriac.results.materializer;

/**
 * A row that no repetition brings into the database: a value cannot be written, is too long for it or out of its range. Which of
 * several rows it is, is for the caller to find out.
 */
public final class RefusedRowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String kind;

    /**
     * @param kind what is wrong, without quoting anything of the row
     */
    RefusedRowException(String kind, Throwable cause) {
        super(kind + ": " + cause.getMessage(), cause);
        this.kind = kind;
    }

    /** What is wrong, without quoting anything of the row, which may hold a secret. */
    String withoutValues() {
        return kind;
    }
}
