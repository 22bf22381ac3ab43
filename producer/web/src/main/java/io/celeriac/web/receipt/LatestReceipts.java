package io.celeriac.web.receipt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.celeriac.client.Receipt;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The latest receipts that this gateway has given, by id. A caller that waits for a task without a receipt means the run that was
 * submitted last, not the outcome that the same id had yesterday. It keeps at most 20,000 receipts for an hour; a caller that comes
 * later, or to another gateway, gives the receipt.
 */
public final class LatestReceipts {

    private static final int MOST = 20_000;

    private final Cache<String, String> receipts = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    public void add(Receipt receipt) {
        receipts.put(receipt.id(), text(receipt));
    }

    /** The text of the latest receipt of a task; null when it is not known. */
    @Nullable
    public String of(String id) {
        return receipts.getIfPresent(id);
    }

    /** The queue to which a task was sent latest; null when it is not known. */
    @Nullable
    public String queueOf(String id) {
        var receipt = receipts.getIfPresent(id);
        if (receipt == null) {
            return null;
        }
        var partition = receipt.lastIndexOf('-', receipt.lastIndexOf('-') - 1); // a queue may have dashes
        return receipt.substring(0, partition);
    }

    /** The form in which callers give it: {@code <queue>-<partition>-<offset>}. */
    private static String text(Receipt receipt) {
        return receipt.queue() + '-' + receipt.partition() + '-' + receipt.offset();
    }
}
