package io.celeriac.workflow.tree;

/** How much is done in one go, so that a large workflow keeps no other waiting. Belongs to one thread. */
final class WorkBudget {

    /** Bytes of sent tasks that count as much as one member that is started. */
    private static final int BYTES_AT_A_TIME = 4 * 1024;

    /** The part of the work of one go that one node may have. */
    private static final int SHARES = 10;

    private int left;
    private int share;

    /** @param most members that are started or cancelled, records that are deleted */
    void begin(int most) {
        left = most;
        share = Math.max(1, most / SHARES);
    }

    /** Lets one node have all of it. */
    void beginAlone(int most) {
        left = most;
        share = most;
    }

    int left() {
        return left;
    }

    boolean isSpent() {
        return left <= 0;
    }

    void spend(int amount) {
        left -= amount;
    }

    void spendBytes(int bytes) {
        left -= bytes / BYTES_AT_A_TIME;
    }

    /** What is left when one node has had its share, or 0. */
    int afterShare() {
        return Math.max(0, left - share);
    }
}
