package io.celeriac.engine.worker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how many records of its changelog a partition read back before its tasks went on. After a crash the tasks wait for that;
 * with standbys it is next to nothing.
 */
final class RestoreLog implements StateRestoreListener {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreLog.class);

    private final String queue;
    private final Map<TopicPartition, Long> starts = new ConcurrentHashMap<>();

    RestoreLog(String queue) {
        this.queue = queue;
    }

    @Override
    public void onRestoreStart(TopicPartition changelog, String store, long start, long end) {
        starts.put(changelog, start);
    }

    @Override
    public void onBatchRestored(TopicPartition changelog, String store, long end, long records) {
        // logged at the end
    }

    @Override
    public void onRestoreEnd(TopicPartition changelog, String store, long records) {
        LOG.info(
                "partition {} of queue {} has read back {} records, from offset {} of its changelog",
                changelog.partition(),
                queue,
                records,
                starts.remove(changelog));
    }

    @Override
    public void onRestoreSuspended(TopicPartition changelog, String store, long records) {
        starts.remove(changelog);
    }
}
