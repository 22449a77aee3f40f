import Foundation
public class A<T>: B {
  private let x = 1
  public init(a: Int, _ b: String = "x", for c: Int...) { super.init(a: 1); foo(1, name: 2) { $0 }
    x.y?.z(1)
    bar { }
    "\(q.r)"
  }
  func m(with a: Int = 1) -> Int { return .case1 }
}
extension A.In { func e() {} }
protocol P { 
  var v: Int { get }
  func q(a: Int)
}
enum E: Int { 
  case p, q(Int)
}
