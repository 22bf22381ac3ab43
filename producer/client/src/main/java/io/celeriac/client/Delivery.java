package io.celeriac.client;

/**
 * How a task reaches the broker.
 *
 * <table>
 * <caption>What each promises about the transaction of the caller</caption>
 * <tr><th></th><th>lost?</th><th>invented?</th><th>ordered?</th></tr>
 * <tr><td>{@link #DIRECT}</td><td>no, once the receipt is there</td><td>yes, if the transaction rolls back</td><td>as called</td></tr>
 * <tr><td>{@link #AFTER_COMMIT}</td><td>yes, if the process dies after the commit</td><td>no</td><td>as committed</td></tr>
 * <tr><td>{@link #OUTBOX}</td><td>no</td><td>no</td><td>by key</td></tr>
 * </table>
 */
public enum Delivery {
    /** At once, whatever happens to a transaction of the caller. */
    DIRECT,
    /** When the caller's transaction has committed; at once if there is none. */
    AFTER_COMMIT,
    /** Stored in the service's own database in the caller's transaction; a relay sends it. */
    OUTBOX
}
