package io.celeriac.web.caller;

import java.util.List;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Makes the caller known to controllers. Without access control, everybody may do everything. */
@Configuration(proxyBeanMethods = false)
class CallerConfiguration {

    static { // springdoc reads this before it creates any bean of the application
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    @Bean
    @ConditionalOnMissingBean
    CallerSource openToEverybody() {
        return request -> Caller.OPEN;
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
