package io.celeriac.client.autoconfigure;

import io.celeriac.client.TaskClient;
import io.celeriac.client.typed.Task;
import io.celeriac.client.typed.TaskInterfaces;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.ResourceLoaderAware;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.util.ClassUtils;

/** Makes beans of interfaces of tasks. */
final class TaskInterfaceRegistrar {

    private TaskInterfaceRegistrar() {}

    /** Registers what {@link ImportTaskClients} names. */
    static final class Imported implements ImportBeanDefinitionRegistrar {

        private final Environment environment;
        private final ResourceLoader loader;

        Imported(Environment environment, ResourceLoader loader) {
            this.environment = environment;
            this.loader = loader;
        }

        @Override
        public void registerBeanDefinitions(AnnotationMetadata annotated, BeanDefinitionRegistry registry) {
            var attributes = AnnotationAttributes.fromMap(
                    annotated.getAnnotationAttributes(ImportTaskClients.class.getName(), true));
            if (attributes == null) {
                return;
            }
            var named = List.of(attributes.getStringArray("value"));
            var packages = List.of(attributes.getStringArray("basePackages"));
            var searched = named.isEmpty() && packages.isEmpty()
                    ? List.of(ClassUtils.getPackageName(annotated.getClassName()))
                    : packages;
            Stream.concat(named.stream(), found(environment, loader, searched))
                    .forEach(name -> register(registry, ClassUtils.resolveClassName(name, loader.getClassLoader())));
        }
    }

    /** Registers the interfaces in the packages of the application. */
    static final class Scanned implements ImportBeanDefinitionRegistrar {

        private final Environment environment;
        private final ResourceLoader loader;
        private final BeanFactory beans;

        Scanned(Environment environment, ResourceLoader loader, BeanFactory beans) {
            this.environment = environment;
            this.loader = loader;
            this.beans = beans;
        }

        @Override
        public void registerBeanDefinitions(AnnotationMetadata annotated, BeanDefinitionRegistry registry) {
            if (AutoConfigurationPackages.has(beans)) {
                found(environment, loader, AutoConfigurationPackages.get(beans))
                        .forEach(
                                name -> register(registry, ClassUtils.resolveClassName(name, loader.getClassLoader())));
            }
        }
    }

    private static Stream<String> found(Environment environment, ResourceLoader loader, List<String> packages) {
        var scanner = new Interfaces(environment);
        ((ResourceLoaderAware) scanner).setResourceLoader(loader);
        return packages.stream()
                .flatMap(name -> scanner.findCandidateComponents(name).stream())
                .map(BeanDefinition::getBeanClassName)
                .filter(java.util.Objects::nonNull)
                .distinct();
    }

    private static final class Interfaces extends ClassPathScanningCandidateComponentProvider {

        private Interfaces(Environment environment) {
            super(false, environment);
            addIncludeFilter(Interfaces::sendsTasks);
        }

        private static boolean sendsTasks(MetadataReader reader, MetadataReaderFactory readers) {
            return reader.getAnnotationMetadata().hasAnnotatedMethods(Task.class.getName());
        }

        @Override
        protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
            return definition.getMetadata().isInterface()
                    && definition.getMetadata().isIndependent();
        }
    }

    private static <S> void register(BeanDefinitionRegistry registry, Class<S> type) {
        if (registry.containsBeanDefinition(type.getName())) {
            return;
        }
        var definition = new RootBeanDefinition(type);
        var beans = (BeanFactory) registry;
        definition.setInstanceSupplier(() -> TaskInterfaces.implement(type, beans.getBean(TaskClient.class)));
        registry.registerBeanDefinition(type.getName(), definition);
    }
}
