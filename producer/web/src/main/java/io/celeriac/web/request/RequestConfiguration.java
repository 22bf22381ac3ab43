package io.celeriac.web.request;

import io.celeriac.web.WebProperties;
import io.celeriac.web.load.BodyMemory;
import jakarta.servlet.Filter;
import java.util.Set;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** The filters that every request passes, in the order of their numbers. */
@Configuration(proxyBeanMethods = false)
class RequestConfiguration {

    /** The first filter, so that all others see the request as the client sent it. */
    @Bean
    FilterRegistrationBean<ProxyFilter> proxyFilter(WebProperties settings) {
        return filter(0, new ProxyFilter(settings.trustedProxies()));
    }

    @Bean
    FilterRegistrationBean<SameSiteFilter> sameSiteFilter(WebProperties settings, Environment environment) {
        Set<String> hosts = settings.allowedHosts();
        var anyHost = hosts.isEmpty() && !ListenAddress.isLoopback(environment.getProperty("server.address"));
        return filter(1, new SameSiteFilter(hosts, anyHost));
    }

    @Bean
    FilterRegistrationBean<WellFormedFilter> wellFormedFilter() {
        return filter(2, new WellFormedFilter());
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(
            WebProperties settings,
            @Qualifier("bodyMemory") BodyMemory bodies,
            @Qualifier("batchMemory") BodyMemory batches) {
        var limits = new BodyLimitFilter.Limits(
                settings.maxTaskSize().toBytes(), settings.maxBatchSize().toBytes(), settings.bodyTimeout());
        return filter(3, new BodyLimitFilter(limits, bodies, batches));
    }

    /** An answer may take as long as a body. */
    @Bean
    FilterRegistrationBean<AnswerTimeoutFilter> answerTimeoutFilter(WebProperties settings) {
        return filter(4, new AnswerTimeoutFilter(settings.bodyTimeout()));
    }

    private static <F extends Filter> FilterRegistrationBean<F> filter(int number, F filter) {
        var registration = new FilterRegistrationBean<F>(filter);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + number);
        return registration;
    }
}
