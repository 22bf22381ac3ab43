package io.celeriac.engine.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.celeriac.contract.task.Task;
import io.celeriac.engine.TaskHandler;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.context.support.GenericApplicationContext;

class HandlerScanTest {

    static class Mail {

        @TaskHandler("mail.send")
        void send() {}

        @TaskHandler("mail.check")
        int check() {
            return 1;
        }

        void noHandler() {}
    }

    static class MoreMail extends Mail {

        @TaskHandler("mail.sort")
        void sort() {}
    }

    static class Plain {}

    private final GenericApplicationContext beans = new GenericApplicationContext();

    @Test
    void findsTheMarkedMethodsOfAllBeans() {
        beans.registerBean(MoreMail.class);
        beans.registerBean(Plain.class);

        assertThat(scan().names()).containsExactly("mail.check", "mail.send", "mail.sort");
    }

    /** What Spring puts around a bean, such as a transaction, is around its handlers too. */
    @Test
    void callsABeanThroughItsProxy() throws Exception {
        beans.registerBean(Mail.class, () -> {
            var factory = new ProxyFactory(new Mail());
            factory.setProxyTargetClass(true);
            factory.addAdvice((MethodInterceptor) call -> (int) call.proceed() + 41);
            return (Mail) factory.getProxy();
        });

        var handler = scan().find("mail.check").orElseThrow();

        assertThat(handler.call().run(Task.of("mail.check"), null)).isEqualTo(42);
    }

    @Test
    void refusesTwoBeansThatHandleTheSameTasks() {
        beans.registerBean("one", Mail.class);
        beans.registerBean("other", Mail.class);

        assertThatIllegalArgumentException().isThrownBy(this::scan).withMessageContaining("two handlers");
    }

    @Test
    void findsTheMarkedMethodsOfAnObjectThatIsNoBean() {
        assertThat(HandlerScan.handlersOf(new Mail())).extracting(Handler::name).contains("mail.check");
        assertThat(HandlerScan.handlersOf(new Plain())).isEmpty();
    }

    private HandlerRegistry scan() {
        beans.refresh();
        return HandlerScan.scan(beans);
    }
}
