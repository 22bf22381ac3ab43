package io.celeriac.access.audit;

import io.celeriac.access.AccessProperties;
import io.celeriac.access.table.AccessTables;
import io.celeriac.web.loop.Loops;
import jakarta.servlet.DispatcherType;
import java.time.InstantSource;
import java.util.EnumSet;
import javax.sql.DataSource;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Configures the audit. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    /** Before the security filters, so that a refused change is recorded too. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 60;

    @Bean
    AuditRepository auditRepository(DataSource database, AccessTables tables, PlatformTransactionManager transactions) {
        var template = new TransactionTemplate(transactions);
        template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        template.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        return new AuditRepository(database, tables, template);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    AuditLog auditLog(AuditRepository repository, InstantSource clock, AccessProperties settings, Loops loops) {
        var audit = new AuditLog(repository, clock, settings.auditRetention());
        loops.watch(audit.loop());
        return audit;
    }

    @Bean
    FilterRegistrationBean<AuditFilter> auditFilter(AuditLog audit, InstantSource clock, AccessProperties settings) {
        var registration =
                new FilterRegistrationBean<AuditFilter>(new AuditFilter(audit, clock, settings.auditSubmissions()));
        registration.setOrder(ORDER);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
        return registration;
    }
}
