require_relative "b"
module M::N
  class A < B
    X = 1
    attr_accessor :q, :r
    def initialize(a, b = 1, *c, d:, e: 2, **f, &g); @iv = a; foo a, b: 1, **c; bar(*x, &blk); A::B.new(1).go; end
    private
    def pr; "#{name}"; end
    public
    def pu = 1
  end
end
