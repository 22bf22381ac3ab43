package io.celeriac.web.page;

import io.celeriac.web.WebProperties;
import io.celeriac.web.caller.CallerSource;
import io.celeriac.web.problem.PageProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.i18n.CookieLocaleResolver;
import org.springframework.web.servlet.i18n.LocaleChangeInterceptor;
import tools.jackson.databind.json.JsonMapper;

/** Configures what all pages share. */
@Configuration(proxyBeanMethods = false)
class PageConfiguration {

    /** The languages of the pages; the first is the default. */
    static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE);

    private static final String BUNDLES = "classpath*:messages/celeriac-*.properties";

    @Bean
    Place overviewPlace() {
        return new Place(0, "/", "place.overview", "overview", 'o', null, false);
    }

    @Bean
    Assets assets() {
        return new Assets();
    }

    @Bean
    PageData pageData(JsonMapper json) {
        return new PageData(json);
    }

    @Bean
    PageSettings pageSettings(WebProperties properties, ObjectProvider<FormToken> tokens) {
        return new PageSettings(properties.installation(), tokens.getIfAvailable());
    }

    @Bean
    Frames frames(
            CallerSource callers,
            List<Place> places,
            Assets assets,
            MessageSource messages,
            InstantSource clock,
            PageSettings settings) {
        return new Frames(callers, places, assets, messages, clock, settings);
    }

    /** The bundles of all modules, {@code messages/celeriac-<module>.properties}, with English as the root. */
    @Bean
    MessageSource messageSource() throws IOException {
        var names = Arrays.stream(new PathMatchingResourcePatternResolver().getResources(BUNDLES))
                .map(resource -> String.valueOf(resource.getFilename()))
                .filter(file -> !file.contains("_"))
                .map(file -> "messages/" + file.substring(0, file.length() - ".properties".length()))
                .sorted()
                .toArray(String[]::new);
        var messages = new ResourceBundleMessageSource();
        messages.setBasenames(names);
        messages.setDefaultEncoding("UTF-8");
        messages.setFallbackToSystemLocale(false);
        messages.setAlwaysUseMessageFormat(true);
        return messages;
    }

    /** The language that the reader chose, or else the browser's. */
    @Bean
    LocaleResolver localeResolver() {
        var resolver = new CookieLocaleResolver("celeriac-language");
        resolver.setDefaultLocaleFunction(request -> {
            var asked = Locale.LanguageRange.parse(acceptLanguage(request.getHeader("Accept-Language")));
            var found = Locale.lookup(asked, LANGUAGES);
            return found == null ? startsWithChinese(asked) : found;
        });
        resolver.setRejectInvalidCookies(false);
        resolver.setCookieMaxAge(Duration.ofDays(365));
        return resolver;
    }

    private static String acceptLanguage(@Nullable String header) {
        try {
            if (header != null && !header.isBlank()) {
                Locale.LanguageRange.parse(header);
                return header;
            }
        } catch (IllegalArgumentException e) {
            return "en"; // a header that cannot be read
        }
        return "en";
    }

    private static Locale startsWithChinese(List<Locale.LanguageRange> asked) {
        return !asked.isEmpty() && asked.get(0).getRange().startsWith("zh") ? LANGUAGES.get(1) : LANGUAGES.get(0);
    }

    @Bean
    WebMvcConfigurer pagesAndAssets() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                var choice = new LocaleChangeInterceptor();
                choice.setParamName("lang");
                choice.setIgnoreInvalidLocale(true);
                registry.addInterceptor(new HandlerInterceptor() {
                    @Override
                    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
                        if (handler instanceof HandlerMethod) { // where nothing is, that is the answer
                            PageProblem.throwLater(request);
                        }
                        return true;
                    }
                });
                registry.addInterceptor(choice).excludePathPatterns("/api/**", "/actuator/**", "/assets/**");
            }

            @Override
            public void addResourceHandlers(ResourceHandlerRegistry registry) {
                registry.addResourceHandler("/assets/**")
                        .addResourceLocations("classpath:/" + Assets.FOLDER)
                        .setCacheControl(CacheControl.maxAge(Duration.ofDays(365))
                                .cachePublic()
                                .immutable());
            }
        };
    }
}
