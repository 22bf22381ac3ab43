package io.celeriac.access.throttle;

import io.celeriac.access.table.AccessTables;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Configures the delays of attempts to sign in. */
@Configuration(proxyBeanMethods = false)
class ThrottleConfiguration {

    @Bean
    Throttle signInThrottle(
            DataSource database, AccessTables tables, PlatformTransactionManager transactions, InstantSource clock) {
        var template = new TransactionTemplate(transactions);
        template.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        return new Throttle(new ThrottleRepository(database, tables), template, clock);
    }
}
