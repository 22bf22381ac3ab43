package io.celeriac.web.caller;

import io.celeriac.web.StartException;
import io.celeriac.web.receipt.LatestReceipts;
import io.celeriac.web.request.ListenAddress;
import java.util.List;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Makes the caller known to controllers. Without access control, everybody on this machine may do everything. */
@Configuration(proxyBeanMethods = false)
class CallerConfiguration {

    static { // springdoc reads this before it creates any bean of the application
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    @Bean
    @ConditionalOnMissingBean
    CallerSource openToEverybody(Environment environment) {
        if (!ListenAddress.isLoopback(environment.getProperty("server.address"))) {
            throw new StartException(
                    "There is no access control, and server.address is not loopback: anybody who reaches the program could do"
                            + " everything. Add the module access without celeriac.access.enabled=false, or set server.address to"
                            + " 127.0.0.1.",
                    null);
        }
        return request -> Caller.OPEN;
    }

    @Bean
    ChosenIds chosenIds(ObjectProvider<QueueOfTask> queues, LatestReceipts receipts) {
        return new ChosenIds(queues::getIfAvailable, receipts);
    }

    @Bean
    WebMvcConfigurer callerArgument(CallerSource callers) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerArgument(callers));
            }
        };
    }
}
