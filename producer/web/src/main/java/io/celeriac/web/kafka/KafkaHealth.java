package io.celeriac.web.kafka;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while the broker answers within two seconds. */
final class KafkaHealth extends AbstractHealthIndicator {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Admin admin;

    KafkaHealth(Admin admin) {
        super("Kafka does not answer");
        this.admin = admin;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws Exception {
        var options = new DescribeClusterOptions().timeoutMs((int) PATIENCE.toMillis());
        var nodes = admin.describeCluster(options).nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        builder.up().withDetail("nodes", nodes.size());
    }
}
