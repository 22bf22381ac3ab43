package io.celeriac.badhouse;

final class Printing {

    void print() {
        System.out.println("hello");
    }
}
